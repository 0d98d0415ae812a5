using Noether.Nn;
using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Whole computations: a training step, a gradient and a Hessian-vector product of small classifiers.</summary>
internal static class NetworkCases
{
    private const int Inputs = 784, Classes = 10;

    public const double LearningRate = 1e-3;

    /// <summary>Layers of four operations in the smallest compiled step: twenty nodes.</summary>
    public const int SmallLayers = 5;

    public static IEnumerable<Case> All { get; } =
    [
        SmallStep(),
        Updates(64, 1024),
        Updates(64, 8192),
        Step(32),
        Step(128),
        Step(1024),
        Network("hvp", "gradient, 784-128-128-10", "gradient", 128, batch: 128, tangents: false, passes: 3, GradientOf),
        Network("hvp", "784-128-128-10", "hvp", 128, batch: 128, tangents: true, passes: 8, Product),
        Network("hvp", "784-512-512-10", "hvp", 512, batch: 128, tangents: true, passes: 8, Product),
        Network("hvp", "784-512-512-10", "hvp", 512, batch: 1024, tangents: true, passes: 8, Product),
        Network("curvature", "gradient, 784-128-128-10", "gradient", 128, batch: 1024, tangents: false, passes: 3, GradientOf),
        Network("curvature", "Hessian product, 784-128-128-10", "hvp", 128, batch: 1024, tangents: true, passes: 8, Product),
        Network("curvature", "Hessian product at a fixed point, 784-128-128-10", "hvp-fixed", 128, batch: 1024, tangents: true, passes: 6, ProductAtPoint),
        Network("curvature", "gradient, 784-512-512-10", "gradient", 512, batch: 1024, tangents: false, passes: 3, GradientOf),
        Network("curvature", "Hessian product at a fixed point, 784-512-512-10", "hvp-fixed", 512, batch: 1024, tangents: true, passes: 6, ProductAtPoint),
    ];

    // So small that the call is what costs: 5 products of 8 x 8 and as many groups of 64 elements.
    private static Case SmallStep() => new("compiled", $"{4 * SmallLayers} nodes on 8x8", "small-step", [new([8, 8]), new([8, 8]), new([8])], static a =>
    {
        var step = Compile(static (Tensor[] x) =>
        {
            var y = x[0];
            for (var layer = 0; layer < SmallLayers; layer++) y = (y.MatMul(x[1]) + x[2]).Tanh() * x[0];
            return [y];
        });
        return () => step(a);
    })
    {
        Flops = SmallLayers * (2 * 8 * 8 * 8 + 3 * 64),
        Bytes = sizeof(float) * 64 * 3,
    };

    // A tree of parameters each too small to share among threads.
    private static Case Updates(int count, int size) =>
        new("optimizer", $"Adam, {count} parameters of {size}", "adam-update", [.. Enumerable.Repeat(new Operand([size]), 2 * count)], operands =>
        {
            var parameters = new Parameters(operands[..count].Select(static (x, i) => KeyValuePair.Create($"{i}", x + 0)));
            var adam = new Adam { LearningRate = LearningRate };
            var state = adam.Init(parameters);
            Tensor[] gradients = operands[count..], carried = [.. parameters.Leaves, .. state.Leaves.Select(static x => x + 0)];
            Tensor.Evaluate(carried);
            var step = Compile(
                a =>
                {
                    var (next, after) = adam.Step(parameters.WithLeaves(a[count..(2 * count)]), parameters.WithLeaves(a[..count]), state.WithLeaves(a[(2 * count)..]));
                    return [.. next.Leaves, .. after.Leaves];
                },
                [.. Enumerable.Range(count, carried.Length)]);
            return () =>
            {
                carried = step([.. gradients, .. carried]);
                return [carried[0] + 0];
            };
        })
        {
            Flops = 12.0 * count * size,
            Bytes = sizeof(float) * 7.0 * count * size,
            CheckedRepetition = 3,
        };

    /// <summary>A training step by Adam of a batch.</summary>
    public static Case Step(int batch) =>
        Network("mlp-step", "784-512-512-10, Adam", "adam-step", 512, batch, tangents: false, passes: 3, TrainingStep) with { CheckedRepetition = 3 };

    // Operands: x, labels, then weight and bias of each layer, then as many tangents.
    private static Case Network(
        string group, string name, string operation, int hidden, int batch, bool tangents, int passes, Func<Tensor[], Func<Tensor[]>> ours)
    {
        int[] sizes = [Inputs, hidden, hidden, Classes];
        var layers = Enumerable.Range(0, 3).SelectMany(i => new Operand[]
        {
            new([sizes[i + 1], sizes[i]], Scale: Math.Sqrt(2.0 / sizes[i])),
            new([sizes[i + 1]], Scale: 0.01),
        }).ToArray();
        double weights = layers.Sum(static x => (double)x.Size);
        return new(group, $"{name}, batch {batch}", operation, [new([batch, Inputs]), new([batch], Classes: Classes), .. layers, .. tangents ? layers : []], ours)
        {
            // The first layer's input has neither tangent nor gradient: 2 and 3 products instead of 3 and 8. The few other operations are left out.
            Flops = 2.0 * batch * (passes * weights - (tangents ? 5 : 1) * sizes[0] * sizes[1]),
            Bytes = sizeof(float) * weights * passes,
        };
    }

    /// <summary>A compiled step of an optimiser on a loss of (parameters, inputs, labels), its state donated from call to call.</summary>
    public static Func<Tensor[]> Training(
        Parameters parameters, Optimizer optimizer, Func<Parameters, Tensor, Tensor, Tensor> lossOf, Tensor inputs, Tensor labels) =>
        Training(
            parameters, optimizer.Init(parameters), (p, memory, x, y) =>
            {
                var (loss, gradient) = ValueAndGrad<Parameters>(q => lossOf(q, x, y))(p);
                var (next, after) = optimizer.Step(p, gradient, memory);
                return (loss, next, after);
            }, inputs, labels);

    /// <summary>A compiled step of any kind: from (parameters, state, inputs, labels) the loss, and both after it.</summary>
    public static Func<Tensor[]> Training(
        Parameters parameters, Parameters state, Func<Parameters, Parameters, Tensor, Tensor, (Tensor Loss, Parameters Next, Parameters After)> stepOf, Tensor inputs, Tensor labels)
    {
        var count = parameters.Count;
        var step = Compile(
            a =>
            {
                var (loss, next, after) = stepOf(parameters.WithLeaves(a[2..(2 + count)]), state.WithLeaves(a[(2 + count)..]), a[0], a[1]);
                return [loss, .. next.Leaves, .. after.Leaves];
            },
            [.. Enumerable.Range(2, count + state.Count)]);
        // Donated blocks must have one holder: the first ones are copies of the case's operands.
        Tensor[] carried = [.. parameters.Leaves.Select(static x => x + 0), .. state.Leaves.Select(static x => x + 0)];
        Tensor.Evaluate(carried);
        return () =>
        {
            var results = step([inputs, labels, .. carried]);
            carried = results[1..];
            return [results[0]];
        };
    }

    private static Func<Tensor[]> TrainingStep(Tensor[] operands) =>
        Training(Named(operands[2..8]), new Adam { LearningRate = LearningRate }, LossOf, operands[0], operands[1]);

    private static Func<Tensor[]> GradientOf(Tensor[] operands)
    {
        var gradient = Compile((Tensor[] a) => [.. Grad<Parameters>(p => LossOf(p, a[0], a[1]))(Named(a[2..8])).Leaves]);
        return () => gradient(operands);
    }

    private static Func<Tensor[]> Product(Tensor[] operands)
    {
        var product = Compile((Tensor[] a) => [.. Hvp(p => LossOf(p, a[0], a[1]), Named(a[2..8]), Named(a[8..14])).Leaves]);
        return () => product(operands);
    }

    private static Func<Tensor[]> ProductAtPoint(Tensor[] operands)
    {
        var product = Compile((Tensor[] v) => [.. Hvp(p => LossOf(p, operands[0], operands[1]), Named(operands[2..8]), Named(v)).Leaves]);
        return () => product(operands[8..14]);
    }

    private static Tensor LossOf(Parameters p, Tensor x, Tensor labels)
    {
        for (var layer = 0; layer < 3; layer++)
        {
            x = x.MatMul(p[$"{layer}.weight"].Transpose()) + p[$"{layer}.bias"];
            if (layer < 2) x = x.Tanh();
        }

        return Loss.CrossEntropy(x, labels);
    }

    private static Parameters Named(Tensor[] tensors) =>
        new(tensors.Select(static (x, i) => KeyValuePair.Create($"{i / 2}.{(i % 2 == 0 ? "weight" : "bias")}", x)));
}
