using Noether.Nn;
using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Networks of convolutions: a training step and a Hessian-vector product of the one in Digits, value and gradient of a residual network.</summary>
internal static class ImageCases
{
    private const int Classes = 10, DigitSide = 28, Side = 32;

    // Operands after the images and labels: weights and biases in the order of the layers.
    private static readonly int[][] Digits = [[16, 1, 5, 5], [16], [32, 16, 5, 5], [32], [Classes, 512], [Classes]];

    /// <summary>Channels and strides of the nine residual blocks of ResNet-20 (He et al. 2015, section 4.2).</summary>
    public static IEnumerable<(int Inputs, int Outputs, int Stride)> Blocks { get; } =
        Enumerable.Range(0, 9).Select(static i => (16 << Math.Max(0, i - 1) / 3, 16 << i / 3, i is 3 or 6 ? 2 : 1)).ToArray();

    public static IEnumerable<Case> All { get; } = [DigitsStep(64), DigitsStep(256), DigitsCurvature(64), ResidualGradient(32)];

    private static Case DigitsStep(int batch)
    {
        // One multiply-add a weight and position, three times; the first layer's input needs no gradient.
        double first = 16 * 25 * 24 * 24, rest = 32 * 16 * 25 * 8 * 8 + 512 * Classes;
        return new(
            "images", $"Digits' training step, batch {batch}", "digits-step",
            [new([batch, 1, DigitSide, DigitSide]), new([batch], Classes: Classes), .. Digits.Select(Weights)], TrainingStep)
        {
            Flops = 2.0 * batch * (2 * first + 3 * rest),
            Bytes = sizeof(float) * batch * (16 * 24 * 24 + 32 * 8 * 8) * 3.0,
            CheckedRepetition = 2,
        };
    }

    private static Case DigitsCurvature(int batch)
    {
        // Of y = w x eight products: y, its tangent (2), the gradient by x, its tangent (2), the tangent of that by w (2). Three if x is no variable.
        double first = 16 * 25 * 24 * 24, rest = 32 * 16 * 25 * 8 * 8 + 512 * Classes;
        Operand[] weights = [.. Digits.Select(Weights)];
        return new(
            "hvp", $"Digits' network, batch {batch}", "digits-hvp",
            [new([batch, 1, DigitSide, DigitSide]), new([batch], Classes: Classes), .. weights, .. weights], Product)
        {
            Flops = 2.0 * batch * (3 * first + 8 * rest),
            Bytes = sizeof(float) * batch * (16 * 24 * 24 + 32 * 8 * 8) * 6.0,
        };
    }

    private static Sequential DigitsNetwork() => new(
        new Convolution(1, 16, [5, 5]), new MaxPool([2, 2]), Activation.Relu, new Convolution(16, 32, [5, 5]), new MaxPool([2, 2]), Activation.Relu,
        Activation.Flatten, new Linear(512, Classes));

    private static Func<Tensor[]> Product(Tensor[] operands)
    {
        var network = DigitsNetwork();
        var parameters = network.Init(RandomKey.From(0));
        var count = parameters.Count;
        var product = Compile((Tensor[] a) =>
        [
            .. Hvp(p => Loss.CrossEntropy(network.Apply(p, a[0]), a[1]), parameters.WithLeaves(a[2..(2 + count)]), parameters.WithLeaves(a[(2 + count)..])).Leaves,
        ]);
        return () => product(operands);
    }

    private static Func<Tensor[]> TrainingStep(Tensor[] operands)
    {
        var network = DigitsNetwork();
        return NetworkCases.Training(
            network.Init(RandomKey.From(0)).WithLeaves(operands[2..]), new AdamW { LearningRate = NetworkCases.LearningRate },
            (p, x, labels) => Loss.CrossEntropy(network.Apply(p, x), labels), operands[0], operands[1]);
    }

    private static Case ResidualGradient(int batch)
    {
        var network = ResidualNetwork();
        var parameters = network.Init(RandomKey.From(0));
        return new(
            "images", $"ResNet-20 forward and backward, batch {batch} of 3x{Side}x{Side}", "resnet",
            [new([batch, 3, Side, Side]), new([batch], Classes: Classes), .. parameters.Leaves.Select(static p => Weights(p.Shape.AsSpan().ToArray()))],
            operands => Gradient(network, parameters.WithLeaves(operands[2..]), operands[0], operands[1]))
        {
            Tolerance = 5e-3, // twenty layers of ReLU: an activation next to 0 may pass on one side only
            Flops = 6.0 * batch * ResidualMultiplyAdds,
            Bytes = sizeof(float) * batch * 9 * 2 * 7.0 * (16 * Side * Side * 1.75) / 3,
        };
    }

    /// <summary>Multiplications with addition of ResNet-20 for one image.</summary>
    public static double ResidualMultiplyAdds
    {
        get
        {
            double sum = 27 * 16 * Side * Side;
            var side = Side;
            foreach (var (inputs, outputs, stride) in Blocks)
            {
                side /= stride;
                sum += (double)side * side * outputs * (9 * (inputs + outputs) + (stride > 1 ? inputs : 0));
            }

            return sum;
        }
    }

    /// <summary>The residual network's Hessian-vector product, normalised by the batch as in training.</summary>
    public static Case ResidualCurvature(int batch)
    {
        var network = ResidualNetwork();
        var parameters = network.Init(RandomKey.From(0));
        var count = parameters.Count;
        Operand[] weights = [.. parameters.Leaves.Select(static p => Weights(p.Shape.AsSpan().ToArray()))];
        return new(
            "hvp", $"ResNet-20, batch {batch} of 3x{Side}x{Side}", "", [new([batch, 3, Side, Side]), new([batch], Classes: Classes), .. weights, .. weights], operands =>
            {
                var state = network.InitState();
                Tensor LossOf(Parameters p, Tensor x, Tensor labels) => Loss.CrossEntropy(network.Train(p, state, x, RandomKey.From(0)).Item1, labels);
                var product = Compile((Tensor[] a) =>
                [
                    .. Hvp(p => LossOf(p, a[0], a[1]), parameters.WithLeaves(a[2..(2 + count)]), parameters.WithLeaves(a[(2 + count)..])).Leaves,
                ]);
                return () => product(operands);
            });
    }

    private static Sequential ResidualNetwork()
    {
        static Convolution Three(int inputs, int outputs, int stride) => new(inputs, outputs, [3, 3]) { Padding = [1], Stride = [stride], Bias = false };
        List<Module> layers = [Three(3, 16, 1), new BatchNorm(16), Activation.Relu];
        foreach (var (inputs, outputs, stride) in Blocks)
        {
            var body = new Sequential(Three(inputs, outputs, stride), new BatchNorm(outputs), Activation.Relu, Three(outputs, outputs, 1), new BatchNorm(outputs));
            var shortcut = stride > 1
                ? new Sequential(new Convolution(inputs, outputs, [1, 1]) { Stride = [stride], Bias = false }, new BatchNorm(outputs))
                : null;
            layers.AddRange([new Residual(body, shortcut), Activation.Relu]);
        }

        return new([.. layers, new AdaptiveAveragePool([1, 1]), Activation.Flatten, new Linear(64, Classes)]);
    }

    // With the running statistics, as a training step has them.
    private static Func<Tensor[]> Gradient(Sequential network, Parameters parameters, Tensor x, Tensor labels)
    {
        var state = network.InitState();
        var count = parameters.Count;
        var compiled = Compile((Tensor[] a) =>
        {
            var before = state.WithLeaves(a[(2 + count)..]);
            var after = before;
            var (loss, gradient) = ValueAndGrad<Parameters>(p =>
            {
                (var logits, after) = network.Train(p, before, a[0], RandomKey.From(0));
                return Loss.CrossEntropy(logits, a[1]);
            })(parameters.WithLeaves(a[2..(2 + count)]));
            return [loss, .. gradient.Leaves, .. after.Leaves];
        });
        Tensor[] carried = [.. state.Leaves];
        return () =>
        {
            var results = compiled([x, labels, .. parameters.Leaves, .. carried]);
            carried = results[(1 + count)..];
            return results[..(1 + count)];
        };
    }

    /// <summary>Weights of a layer, or scales and shifts, drawn for their number of terms.</summary>
    public static Operand Weights(int[] shape) => new(shape, Scale: shape.Length == 1 ? 1 : Math.Sqrt(2.0 * shape[0] / shape.Aggregate(1, static (a, b) => a * b)));
}
