namespace Noether.Nn;

/// <summary>The mean of windows so chosen that the last axes get given sizes.</summary>
/// <param name="Sizes">The sizes after: <c>[1, 1]</c> takes the mean of each channel of an image.</param>
public sealed record AdaptiveAveragePool(Integers Sizes) : Pooling
{
    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => x.AdaptiveAveragePool(Sizes.AsSpan());
}
