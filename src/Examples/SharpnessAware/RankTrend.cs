namespace Noether.Examples.SharpnessAware;

/// <summary>How the rank of a layer goes with ρ: the claim that it falls, in numbers of one seed.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="FallsMonotonically">Whether no radius has a higher rank than the one before, and the last a lower one than the first; ranks that are not finite are left out.</param>
/// <param name="Reductions">1 - rank(ρ)/rank(smallest ρ) at each radius.</param>
internal sealed record RankTrend(string Layer, long Seed, bool FallsMonotonically, double[] Reductions)
{
    /// <summary>Of ranks by ascending radius.</summary>
    public static RankTrend Of(string layer, long seed, IReadOnlyList<double> ranks)
    {
        double[] finite = [.. ranks.Where(double.IsFinite)];
        return new(
            layer, seed, finite.Length > 1 && finite[^1] < finite[0] && finite.Zip(finite.Skip(1)).All(static pair => pair.Second <= pair.First),
            [.. ranks.Select(rank => ranks[0] > 0 ? 1 - rank / ranks[0] : double.NaN)]);
    }
}
