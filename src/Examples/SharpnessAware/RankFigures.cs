using System.Globalization;

using Noether.Plots;

namespace Noether.Examples.SharpnessAware;

/// <summary>What a study draws.</summary>
internal static class RankFigures
{
    private const int Width = 480, Height = 340;

    /// <summary>Figures and their files.</summary>
    public static IEnumerable<(string File, Drawing Figure)> Of(RankTask task, IReadOnlyList<Moment> moments, IReadOnlyList<double> radii)
    {
        var last = moments.Max(static each => each.Step);
        Moment[] final = [.. radii.Select(radius => moments.First(each => each.Step == last && each.Radius == radius))];
        double[] x = [.. radii];
        yield return ($"{task.Name}-radius.png", new Panels(2)
            .Add(Lines(task, final, x, $"{task.Title}: rank after training", "components of 99 % of the variance", static layer => layer.Rank, logarithmic: true))
            .Add(new Figure(Sentence(task.ErrorName), "ρ", "%") { Width = Width, Height = Height, YScale = AxisScale.Logarithmic }.Line<double, double>(x, [.. final.Select(static each => 100 * each.TestError)]))
            .Add(Lines(task, final, x, "Units active on a tenth of the examples", "% of units", static layer => 100.0 * layer.ActiveUnits / layer.Features))
            .Add(Lines(task, final, x, "Units that live and differ", "% of units compared", static layer => layer.Compared == 0 ? double.NaN : 100.0 * layer.Distinct / layer.Compared)));

        var panels = new Panels(task.Layers.Count > 3 ? 3 : Math.Min(2, task.Layers.Count));
        foreach (var (_, name) in task.Layers)
        {
            // room for the legend on the right
            var figure = new Figure($"{task.Title}: rank of {name}", "passes over the data", "components of 99 % of the variance")
            {
                Width = Width,
                Height = Height,
                XRange = (0, 1.4 * moments.Max(static each => each.Epoch)),
                Legend = LegendPlace.UpperRight,
            };
            foreach (var radius in radii)
            {
                Moment[] own = [.. moments.Where(each => each.Radius == radius).OrderBy(static each => each.Step)];
                figure = figure.Line<double, double>(
                    [.. own.Select(static each => each.Epoch)], [.. own.Select(each => each.At(name).Rank)], string.Create(CultureInfo.InvariantCulture, $"ρ {radius:0.####}"));
            }

            panels = panels.Add(figure);
        }

        yield return ($"{task.Name}-course.png", panels);
    }

    private static Figure Lines(RankTask task, Moment[] final, double[] x, string title, string label, Func<LayerMeasure, double> number, bool logarithmic = false) =>
        task.Layers.Aggregate(
            new Figure(title, "ρ", label) { Width = Width, Height = Height, YScale = logarithmic ? AxisScale.Logarithmic : AxisScale.Linear },
            (figure, layer) => figure.Line<double, double>(x, [.. final.Select(each => number(each.At(layer.Name)))], layer.Name));

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
