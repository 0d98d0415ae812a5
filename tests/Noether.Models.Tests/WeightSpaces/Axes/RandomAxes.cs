using Noether.Models.LossLandscapes;
using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces.Axes;

/// <summary>Networks of many architectures, small, in float64.</summary>
internal static class RandomAxes
{
    /// <summary>Networks by name, and a shape that they take.</summary>
    public static readonly (string Name, Module Network, Shape Input)[] Networks =
    [
        ("residual", ImageNetworks.Residual(8, channels: 1, classes: 3, width: 3), [2, 1, 8, 8]),
        ("without shortcuts", ImageNetworks.Residual(8, shortcuts: false, channels: 2, classes: 3, width: 2), [2, 2, 8, 8]),
        ("VGG", ImageNetworks.Vgg9(channels: 1, classes: 3, width: 2), [2, 1, 8, 8]),
        ("perceptron with shortcuts", ImageNetworks.Perceptron(9, 2, width: 4, classes: 3), [2, 1, 3, 3]),
        ("flattened", new Sequential(
            new Convolution(1, 3, [2, 2]), Activation.Tanh, new Convolution(3, 3, [3, 3]) { Groups = 3, Padding = [1, 1] }, new GroupNorm(1, 3), Activation.Flatten, new Linear(3 * 9, 4),
            new LayerNorm(4), Activation.Relu, new Linear(4, 2)), [2, 1, 4, 4]),
        ("transformer", new Sequential(
            new Linear(2, 6), new TransformerBlock(6, 2) { Hidden = 5 }, new TransformerBlock(6, 3) { Hidden = 4, NormFirst = true, Causal = true }, new Linear(6, 2)), [2, 4, 2]),
    ];

    /// <summary>Parameters and running statistics, without ones or zeros behind which an error could hide.</summary>
    public static Parameters Network(Module network, int seed)
    {
        var keys = RandomKey.From(seed + 2).Split(Math.Max(1, network.InitState().Count));
        var at = 0;
        return RandomNetworks.Parameters(network, seed).Merge(network.InitState(DType.Float64).Map((name, t) =>
            name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? t : keys[at++].Uniform(t.Shape, 0.5, 1.5, DType.Float64)));
    }

    /// <summary>A batch of them as features.</summary>
    public static AxisFeatures Features(AxisSpec spec, Module network, int count, int seed) =>
        AxisFeatures.From(spec, Parameters.Stack([.. Enumerable.Range(0, count).Select(i => Network(network, seed + 10 * i))]));

    /// <summary>Features of any channels.</summary>
    public static AxisFeatures Features(AxisSpec spec, int batch, int channels, int seed)
    {
        var keys = RandomKey.From(seed).Split(spec.Tensors.Count);
        return new(spec, [.. keys.Select((key, i) => key.Normal([batch, channels * spec.FixedSize(i), .. spec.PermutedAxes(i).Select(static axis => axis.Size)], type: DType.Float64))]);
    }

    public static double Difference(AxisFeatures actual, AxisFeatures expected)
    {
        Assert.That(actual.Spec, Is.EqualTo(expected.Spec));
        Tensor.Evaluate([.. actual.Leaves, .. expected.Leaves]);
        return actual.Leaves.Zip(expected.Leaves, RandomNetworks.Difference).Max();
    }
}
