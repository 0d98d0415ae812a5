using System.Globalization;

using Noether.Plots;

namespace Noether.Examples.SharpnessAware;

/// <summary>What a study draws: means over seeds, with bands of a standard deviation where there are several.</summary>
internal static class RankFigures
{
    private const int Width = 480, Height = 340;

    /// <summary>Figures and their files.</summary>
    /// <param name="name">Files begin with it.</param>
    /// <param name="results">After training.</param>
    /// <param name="moments">All the way.</param>
    public static IEnumerable<(string File, Drawing Figure)> Of(string name, RankResults results, IReadOnlyList<Moment> moments)
    {
        double[] x = results.Radii;
        var summary = results.Summary;
        Figure Lines(string title, string label, double scale, Func<LayerSummary, Spread> number, AxisScale axis = AxisScale.Linear) => results.Layers.Aggregate(
            new Figure(title, "ρ", label) { Width = Width, Height = Height, YScale = axis },
            (figure, layer) => WithBand(figure, x, [.. summary.Select(each => number(each.At(layer)))], layer, scale));

        yield return ($"{name}-radius.png", new Panels(2)
            .Add(Lines($"{results.Title}: rank after training", "components of 99 % of the variance", 1, static layer => layer.Rank, AxisScale.Logarithmic))
            .Add(WithBand(new Figure(Sentence(results.Error), "ρ", "%") { Width = Width, Height = Height, YScale = AxisScale.Logarithmic }, x, [.. summary.Select(static each => each.TestError)], null, 100))
            .Add(Lines("Units active on a tenth of the examples", "% of units", 100, static layer => layer.ActiveShare))
            .Add(Lines("Units that live and differ", "% of units compared", 100, static layer => layer.DistinctShare)));

        var panels = new Panels(results.Layers.Length > 3 ? 3 : Math.Min(2, results.Layers.Length));
        foreach (var layer in results.Layers)
        {
            // room for the legend on the right
            var figure = new Figure($"{results.Title}: rank of {layer}", "passes over the data", "components of 99 % of the variance")
            {
                Width = Width,
                Height = Height,
                XRange = (0, 1.4 * moments.Max(static each => each.Epoch)),
                Legend = LegendPlace.UpperRight,
            };
            foreach (var radius in x)
            {
                var course = moments.Where(each => each.Radius == radius).GroupBy(static each => each.Epoch).OrderBy(static own => own.Key).ToArray();
                figure = WithBand(
                    figure, [.. course.Select(static own => own.Key)], [.. course.Select(own => Spread.Of([.. own.Select(each => each.At(layer).Rank)]))], string.Create(CultureInfo.InvariantCulture, $"ρ {radius:0.####}"), 1);
            }

            panels = panels.Add(figure);
        }

        yield return ($"{name}-course.png", panels);
    }

    // A band around the mean that is no lower than a hundredth of it: axes may be logarithmic.
    private static Figure WithBand(Figure figure, double[] x, Spread[] values, string? label, double scale)
    {
        if (values.All(static each => double.IsFinite(each.Deviation)))
            figure = figure.Band<double, double>(x, [.. values.Select(each => scale * Math.Max(each.Mean - each.Deviation, each.Mean / 100))], [.. values.Select(each => scale * (each.Mean + each.Deviation))]);
        return figure.Line<double, double>(x, [.. values.Select(each => scale * each.Mean)], label);
    }

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
