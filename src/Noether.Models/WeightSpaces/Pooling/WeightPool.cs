using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A summary of networks that does not change when neurons are permuted: [batch, channels, features].</summary>
/// <param name="Spec">The networks' sizes.</param>
public abstract record WeightPool(WeightSpec Spec) : WeightModule<Tensor>
{
    /// <summary>Features of a channel.</summary>
    public abstract int Features { get; }

    /// <inheritdoc/>
    public sealed override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Empty;

    /// <summary>Blocks [batch, channels, …] of a channel's features, joined.</summary>
    protected static Tensor Join(WeightFeatures x, IEnumerable<Tensor> blocks)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Tensor.Concatenate(2, [.. blocks.Select(block => block.Reshape(x.Batch, x.Channels, Count(block.Shape[1..]) / x.Channels))]);
    }

    private static int Count(Shape shape) => checked((int)shape.Size);
}
