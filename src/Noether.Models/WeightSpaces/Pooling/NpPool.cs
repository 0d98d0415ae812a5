using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Means of each weight tensor, at each position of its filter, and of each bias: invariant to permutations of all neurons.</summary>
/// <remarks>Features W_0, b_0, W_1, …: Σ (filter + 1) of them. Source: Zhou et al., Permutation equivariant neural functionals (2023), section 2.</remarks>
/// <param name="Spec">The networks' sizes; widths do not matter.</param>
public sealed record NpPool(WeightSpec Spec) : WeightPool(Spec)
{
    /// <inheritdoc/>
    public override int Features => Spec.FilterSizes + Spec.Layers;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The filters differ.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Fit.Check(nameof(NpPool), Spec, x, ends: false);
        return Join(x, x.Leaves.Select(static t => t.Rank == 4 ? t.Mean([2, 3]) : t.Mean(-1)));
    }
}
