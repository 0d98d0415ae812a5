namespace Noether.Examples.SharpnessAware;

/// <summary>What a study writes in the end.</summary>
/// <param name="Title">Of figures and tables.</param>
/// <param name="Settings">Of the run: <see cref="RunSettings"/>.</param>
/// <param name="Loss">Its convention.</param>
/// <param name="Error">What the test error is.</param>
/// <param name="Data">Where they are from.</param>
/// <param name="ProbeData">What the probes learn.</param>
/// <param name="Optimizer">The base optimiser.</param>
/// <param name="MeasuredExamples">Of the training set, on which features are measured.</param>
/// <param name="Layers">Their names, from the first on.</param>
/// <param name="Probed">The one whose features the probes take; null: none.</param>
/// <param name="Final">The networks after training.</param>
/// <param name="Probes">Classifiers on their features.</param>
internal sealed record RankResults(
    string Title, string Settings, string Loss, string Error, string Data, string ProbeData, string Optimizer, int MeasuredExamples, string[] Layers, string? Probed, Moment[] Final, List<ProbeScore> Probes)
{
    /// <summary>ρ of the networks, ascending.</summary>
    public double[] Radii => [.. Final.Select(static each => each.Radius).Distinct().Order()];

    /// <summary>The starts of each.</summary>
    public long[] Seeds => [.. Final.Select(static each => each.Seed).Distinct().Order()];

    /// <summary>Whether and by how much ranks fall, by layer and seed.</summary>
    public RankTrend[] Trends => [.. from layer in Layers from seed in Seeds select RankTrend.Of(layer, seed, [.. Radii.Select(radius => One(seed, radius).At(layer).Rank)])];

    /// <summary>Mean and standard deviation over seeds.</summary>
    public RadiusSummary[] Summary
    {
        get
        {
            var (trends, radii) = (Trends, Radii);
            return [.. radii.Select((radius, r) =>
            {
                Moment[] own = [.. Seeds.Select(seed => One(seed, radius))];
                return new RadiusSummary(radius, Spread.Of([.. own.Select(static each => each.TrainLoss)]), Spread.Of([.. own.Select(static each => each.TestError)]), Layers.ToDictionary(Figures.KeyOf, layer =>
                {
                    Spread Of(Func<LayerMeasure, double> number) => Spread.Of([.. own.Select(each => number(each.At(layer)))]);
                    return new LayerSummary(
                        Of(static measure => measure.Rank), Spread.Of([.. trends.Where(trend => trend.Layer == layer).Select(trend => trend.Reductions[r])]),
                        Of(static measure => (double)measure.ActiveUnits / measure.Features), Of(static measure => measure.Compared == 0 ? double.NaN : (double)measure.Distinct / measure.Compared));
                }));
            })];
        }
    }

    private Moment One(long seed, double radius) => Final.First(each => each.Seed == seed && each.Radius == radius);
}
