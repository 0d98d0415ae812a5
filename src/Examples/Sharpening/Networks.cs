using Noether.Nn;

namespace Noether.Examples.Sharpening;

/// <summary>The networks of the study: [batch, 1, 28, 28] to logits [batch, 10], PyTorch's initial weights.</summary>
internal static class Networks
{
    private const int Width = 200;

    /// <summary>By the names that options have.</summary>
    public static IReadOnlyDictionary<string, Func<Sequential>> ByName { get; } = new Dictionary<string, Func<Sequential>>
    {
        ["tanh"] = static () => Dense(Activation.Tanh),
        ["relu"] = static () => Dense(Activation.Relu),
        ["cnn"] = Convolutional,
    };

    /// <summary>784-200-200-10.</summary>
    private static Sequential Dense(Activation activation) => new(
        Activation.Flatten, new Linear(Images.Side * Images.Side, Width), activation, new Linear(Width, Width), activation, new Linear(Width, Images.Classes));

    /// <summary>Two convolutions of 8 and 16 channels, each pooled by 2, and one dense layer; no normalisation, so that samples do not mix.</summary>
    private static Sequential Convolutional() => new(
        new Convolution(1, 8, [3, 3]) { Padding = [1] }, Activation.Relu, new MaxPool([2, 2]),
        new Convolution(8, 16, [3, 3]) { Padding = [1] }, Activation.Relu, new MaxPool([2, 2]),
        Activation.Flatten, new Linear(16 * (Images.Side / 4) * (Images.Side / 4), Images.Classes));
}
