using System.Text.RegularExpressions;
using static Noether.Transform;

namespace Noether.Nn.Tests.Optimizers;

/// <summary>A training step of many small networks by Vmap: batched kernels, not a loop.</summary>
public sealed partial class PopulationTests
{
    private const int Images = 4, Size = 6, Classes = 3;

    // Of float32, relative to the largest weight, about 1: sums of a hundred terms in another order, and Adam's division by small square roots.
    private const double Tolerance = 2e-5;

    private static readonly Tensor Labels = Tensor.From([0L, 2, 1, 2]);

    [Test]
    public void A_thousand_networks_take_the_kernels_of_four()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(KernelsOf(ConvolutionalStep, Convolutional(1000)), Is.EqualTo(KernelsOf(ConvolutionalStep, Convolutional(4))));
            Assert.That(KernelsOf(DenseStep, Dense(1000)), Is.EqualTo(KernelsOf(DenseStep, Dense(4))));
        }
    }

    [Test]
    public void A_thousand_networks_train_as_each_alone()
    {
        Check(ConvolutionalStep, Convolutional(1000));
        Check(DenseStep, Dense(1000));
    }

    private static void Check(Func<Parameters, Parameters> step, Parameters many)
    {
        var together = Vmap(step)(many);
        foreach (var member in (int[])[0, 1, 500, 999])
        {
            var (expected, actual) = (step(many.Unstack(member)), together.Unstack(member));
            foreach (var name in expected.Names)
            {
                Assert.That(actual[name].ToArray<float>(), Is.EqualTo(expected[name].ToArray<float>()).Within(Tolerance), $"network {member}, {name}");
                Assert.That(actual[name].ToArray<float>(), Is.Not.EqualTo(many.Unstack(member)[name].ToArray<float>()), $"network {member}, {name} has moved");
            }
        }
    }

    private static int KernelsOf(Func<Parameters, Parameters> step, Parameters many) =>
        int.Parse(Kernels().Match(Explain.Plan([.. Vmap(step)(many).Leaves])).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static Parameters ConvolutionalStep(Parameters p)
    {
        var images = Drawn(7, Images, 1, Size, Size);
        return Stepped(p, w =>
        {
            var y = images.Convolve(w["filters"], padding: [1, 1]) + w["shift"].Reshape(-1, 1, 1);
            var pooled = y.Relu().MaxPool([2, 2]);
            return pooled.Reshape(Images, -1).MatMul(w["weight"].Transpose());
        });
    }

    private static Parameters DenseStep(Parameters p)
    {
        var points = Drawn(8, Images, 5);
        return Stepped(p, w => (points.MatMul(w["hidden"]) + w["bias"]).Tanh().MatMul(w["weight"].Transpose()));
    }

    private static Parameters Stepped(Parameters p, Func<Parameters, Tensor> logits)
    {
        var adam = new Adam { LearningRate = 0.05 };
        var gradient = Grad<Parameters>(w => Loss.CrossEntropy(logits(w), Labels))(p);
        return adam.Step(p, gradient, adam.Init(p)).Parameters;
    }

    private static Parameters Convolutional(int count) => Parameters.Of(
        ("filters", Drawn(1, count, 2, 1, 3, 3)), ("shift", Drawn(2, count, 2)), ("weight", Drawn(3, count, Classes, 2 * Size * Size / 4)));

    private static Parameters Dense(int count) => Parameters.Of(
        ("hidden", Drawn(4, count, 5, 8)), ("bias", Drawn(5, count, 8)), ("weight", Drawn(6, count, Classes, 8)));

    private static Tensor Drawn(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.From([.. Enumerable.Range(0, shape.Aggregate(1, static (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)], [.. shape]);
    }

    [GeneratedRegex(@"; (\d+) kernels;")]
    private static partial Regex Kernels();
}
