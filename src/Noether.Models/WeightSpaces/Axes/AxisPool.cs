using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Means of each tensor over its axes that permute, at each of its fixed places: invariant to their permutations. [batch, channels, features].</summary>
/// <remarks>
/// A tensor without such axes stays as it is; one with a name twice gives the mean of its diagonal too. These are all invariant linear features: of chains
/// those of <see cref="NpPool"/> (all axes permute) and <see cref="HnpPool"/> (ends are fixed).
/// </remarks>
/// <param name="Spec">The networks' tensors.</param>
public sealed record AxisPool(AxisSpec Spec) : FeatureModule<AxisFeatures, Tensor>
{
    /// <summary>Features of a channel.</summary>
    public int Features => Sources.Sum(source => Spec.FixedSize(source.Tensor));

    private IReadOnlyList<AxisSource> Sources => AxisPattern.Of(Spec, [])[0].Sources;

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Empty;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features are of other tensors; sizes of axes that permute are free.</exception>
    public override Tensor Apply(Parameters parameters, AxisFeatures x, Context context)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Spec.Difference(x.Spec) is { } difference) throw new ShapeException($"AxisPool: made for {difference}");
        return Tensor.Concatenate(2, [.. Sources.Select(source => source.Gather(x.Leaves[source.Tensor]).Reshape(x.Batch, x.Channels, Spec.FixedSize(source.Tensor)))]);
    }
}
