namespace Noether.Nn;

/// <summary>The largest of windows so chosen that the last axes get given sizes.</summary>
/// <param name="Sizes">The sizes after: <c>[1, 1]</c> takes the largest of each channel of an image.</param>
public sealed record AdaptiveMaxPool(Integers Sizes) : Pooling
{
    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => x.AdaptiveMaxPool(Sizes.AsSpan());
}
