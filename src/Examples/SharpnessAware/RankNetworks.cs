using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Examples.SharpnessAware;

/// <summary>Convolutional networks for grey images of 28 x 28, and the layers that are looked at: after rectifiers, from the first on.</summary>
/// <param name="Module">[batch, 1, 28, 28] to logits.</param>
/// <param name="Layers">Paths and names.</param>
/// <param name="Probed">The name of the last layer before the classifier.</param>
internal sealed record RankNetworks(Module Module, (string Path, string Name)[] Layers, string Probed)
{
    public static IReadOnlyDictionary<string, Func<RankNetworks>> All { get; } = new Dictionary<string, Func<RankNetworks>>
    {
        ["cnn"] = static () => new(
            new Sequential([.. Stage(1, 16), .. Stage(16, 32), .. Stage(32, 64), Activation.Flatten, new Linear(64 * 4 * 4, 10)]),
            [("2", "stage 1"), ("5", "stage 2"), ("8", "stage 3")], "stage 3"),
        ["pooled"] = static () => new(ImageNetworks.Small(), [("2", "stage 1"), ("6", "stage 2"), ("7", "mean")], "mean"),
        ["resnet8"] = static () => new(ImageNetworks.Residual(8, channels: 1), [("4", "stage 1"), ("6", "stage 2"), ("8", "stage 3"), ("9", "mean")], "mean"),
        ["resnet20"] = static () => new(ImageNetworks.Residual(20, channels: 1), [("8", "stage 1"), ("14", "stage 2"), ("20", "stage 3"), ("21", "mean")], "mean"),
    };

    // Half as wide and high with each stage: 14, 7, 4.
    private static Module[] Stage(int inputs, int outputs) =>
    [
        new Convolution(inputs, outputs, [3, 3]) { Stride = [2, 2], Padding = [1, 1], Bias = false, WeightInitializer = Initializer.HeNormal() },
        new BatchNorm(outputs),
        Activation.Relu,
    ];
}
