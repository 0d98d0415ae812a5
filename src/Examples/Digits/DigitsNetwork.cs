using Noether.Nn;

namespace Noether.Examples.Digits;

/// <summary>Two convolutions and one layer of classes: 18,378 weights, and what is done with them beside training.</summary>
internal static class DigitsNetwork
{
    // Enough for full speed; a batch of activations stays within tens of megabytes.
    private const int EvaluationBatch = 250;

    /// <summary>[batch, 1, 28, 28] to logits [batch, 10].</summary>
    public static Sequential Create() => new(
        new RandomShift(2),
        new Convolution(1, 16, [5, 5]),
        new MaxPool([2, 2]), // before the ReLU, which then has a quarter of the work and the same result
        Activation.Relu,
        new Convolution(16, 32, [5, 5]),
        new MaxPool([2, 2]),
        Activation.Relu,
        Activation.Flatten,
        new Linear(512, DigitsData.Classes));

    /// <summary>The logits of all images, batch by batch: [images, 10].</summary>
    public static Tensor Logits(Module network, Parameters weights, Dataset data)
    {
        var forward = Transform.Compile((Tensor[] a) => [network.Apply(weights.WithLeaves(a[..^1]), a[^1])]);
        return Tensor.Concatenate(0, [.. data.Batches(EvaluationBatch).Select(batch => forward([.. weights.Leaves, batch.Input])[0])]);
    }

    /// <summary>The mean loss and the part that is right.</summary>
    public static (double Loss, double Accuracy) Score(Module network, Parameters weights, Dataset data)
    {
        var logits = Logits(network, weights, data);
        var labels = Labels(data);
        return (Loss.CrossEntropy(logits, labels).Item(), Loss.Accuracy(logits, labels).Item());
    }

    /// <summary>The true classes of all images.</summary>
    public static Tensor Labels(Dataset data) => Tensor.Concatenate(0, [.. data.Batches(EvaluationBatch).Select(batch => batch.Target)]);
}
