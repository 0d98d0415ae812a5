using Noether.Models.SharpnessAware;

namespace Noether.Examples.SharpnessAware;

/// <summary>A layer's features on some training examples.</summary>
/// <param name="Features">How many there are.</param>
/// <param name="Rank">Principal components that hold 99 % of the variance; NaN if features are not finite.</param>
/// <param name="EffectiveRank">exp of the entropy of their shares.</param>
/// <param name="ActiveFraction">Entries above a twentieth of the largest.</param>
/// <param name="ActiveUnits">Units that are so on more than a tenth of the examples.</param>
/// <param name="Alive">Units that are positive on some example.</param>
/// <param name="Compared">Units, evenly chosen, among which different ones are counted; 0 where they are not.</param>
/// <param name="Distinct">Those of them that are alive and not correlated beyond 0.95 with another that is kept.</param>
internal sealed record LayerMeasure(int Features, double Rank, double EffectiveRank, double ActiveFraction, int ActiveUnits, int Alive, int Compared = 0, int Distinct = 0)
{
    private const double Share = 0.99, Often = 0.1, SameUnit = 0.95;
    private const int MostCompared = 1000;

    /// <summary>Of features [examples, features…].</summary>
    /// <param name="features">On the host or a device.</param>
    /// <param name="compares">Whether units are compared with each other.</param>
    public static LayerMeasure Of(Tensor features, bool compares)
    {
        var units = checked((int)features.Shape[1..].Size);
        var rows = features.Reshape([features.Shape[0], units]).Evaluate();
        if (!rows.IsFinite().All().Item<bool>()) return new(units, double.NaN, double.NaN, double.NaN, 0, 0);
        var (spectrum, activity) = (FeatureSpectrum.Of(rows), new ActivationStatistics(rows));
        var compared = compares ? Math.Min(units, MostCompared) : 0;
        var chosen = Tensor.From([.. Enumerable.Range(0, compared).Select(i => (int)((long)i * units / compared))], [compared], rows.Device);
        return new(units, spectrum.Rank(Share), spectrum.EffectiveRank, activity.ActiveFraction, activity.ActiveUnits(Often), activity.Alive,
            compared, compared > 0 ? ActivationStatistics.DistinctUnits(rows.Take(chosen, 1), SameUnit) : 0);
    }
}
