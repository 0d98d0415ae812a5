using System.Globalization;

namespace Noether.Examples.SharpnessAware;

/// <summary>A study in tables: mean and standard deviation over seeds.</summary>
internal static class RankTable
{
    /// <summary>Errors, losses and the rank of each layer, by ρ.</summary>
    public static (string[] Columns, IEnumerable<string[]> Rows) Ranks(RankResults results) => (
        ["rho", results.Error, "train loss", .. results.Layers],
        results.Summary.Select(each => (string[])
        [
            Number(each.Radius), Percent(each.TestError, "0.00"), each.TrainLoss.ToString("0.0000"), .. results.Layers.Select(layer => each.At(layer).Rank.ToString("0")),
        ]));

    /// <summary>Whether ranks fall from each radius to the next, in how many seeds, and which part of them is lost.</summary>
    public static (string[] Columns, IEnumerable<string[]> Rows) Claim(RankResults results) => (
        ["rank of", "falls monotonically", .. results.Radii.Skip(1).Select(static radius => $"lost at {Number(radius)}")],
        results.Layers.Select(layer => (string[])
        [
            layer, $"{results.Trends.Count(trend => trend.Layer == layer && trend.FallsMonotonically)} of {results.Seeds.Length} seeds",
            .. results.Summary.Skip(1).Select(each => Percent(each.At(layer).Reduction, "0.0")),
        ]));

    /// <summary>The last layer's units, and what the probes get wrong, by ρ.</summary>
    public static (string[] Columns, IEnumerable<string[]> Rows) Units(RankResults results) => (
        ["rho", "active units", "different units", .. results.Probes.Count > 0 ? (string[])["neighbours", "linear"] : []],
        results.Summary.Select(each =>
        {
            var layer = each.At(results.Layers[^1]);
            ProbeScore[] probes = [.. results.Probes.Where(own => own.Radius == each.Radius)];
            return (string[])
            [
                Number(each.Radius), Percent(layer.ActiveShare, "0.0"), Percent(layer.DistinctShare, "0.0"),
                .. results.Probes.Count == 0 ? []
                    : probes.Length == 0 ? ["-", "-"]
                    : (string[])[Percent(Spread.Of([.. probes.Select(static own => own.NearestNeighbours)]), "0.00"), Percent(Spread.Of([.. probes.Select(static own => own.Linear)]), "0.00")],
            ];
        }));

    /// <summary>What <see cref="Ranks"/> shows.</summary>
    public static string RanksCaption(RankResults results) => $"Ranks: components that hold 99 % of the variance of a layer's features on {results.MeasuredExamples:n0} training images{Seeds(results)}.";

    /// <summary>What <see cref="Units"/> shows.</summary>
    public static string UnitsCaption(RankResults results) =>
        $"Units of {results.Layers[^1]}: active on a tenth of the images, and different ones of those compared{(results.Probes.Count > 0 ? $"; what classifiers on {results.Probed} get wrong" : "")}.";

    private static string Seeds(RankResults results) => results.Seeds.Length > 1 ? $"; mean and standard deviation over {results.Seeds.Length} seeds" : "";

    private static string Percent(Spread part, string format) => part.ToString(format, scale: 100) + " %";

    private static string Number(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
