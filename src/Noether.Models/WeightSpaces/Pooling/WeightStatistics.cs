using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Seven statistics of each weight tensor and each bias: mean, variance, minimum, quartiles, maximum. Invariant to permutations of all neurons.</summary>
/// <remarks>
/// The variance is unbiased, and zero for a single number; quantiles are interpolated. Features W_0, b_0, W_1, …: 14 a layer.
/// Source: Unterthiner et al., Predicting neural network accuracy from weights (2020), section 4.
/// </remarks>
/// <param name="Spec">The networks' sizes; widths do not matter.</param>
public sealed record WeightStatistics(WeightSpec Spec) : WeightPool(Spec)
{
    private static readonly double[] Quartiles = [0, 0.25, 0.5, 0.75, 1];

    /// <inheritdoc/>
    public override int Features => 2 * (2 + Quartiles.Length) * Spec.Layers;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The filters differ.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Fit.Check(nameof(WeightStatistics), Spec, x, ends: false);
        return Join(x, x.Leaves.Select(t =>
        {
            var entries = Join(x, [t]);
            var variance = entries.Shape[2] > 1 ? entries.Var(2, keepAxis: true) : entries.ZerosLike();
            return Tensor.Concatenate(2, entries.Mean(2, keepAxis: true), variance, entries.Quantile(Quartiles, 2).MoveAxis(0, 2));
        }));
    }
}
