using System.Globalization;

using Noether.Models.LossLandscapes;
using Noether.Plots;

namespace Noether.Examples.LossLandscape;

/// <summary>Figures of the loss over a plane: colours with lines, lines alone, and a surface in space; of log10 of the loss, holes left out.</summary>
/// <param name="grid">The losses.</param>
/// <param name="clip">Losses above are drawn as this; infinity: none.</param>
internal sealed class PlaneFigures(MetricGrid grid, double clip = double.PositiveInfinity)
{
    private const double Least = 1e-6; // a loss of 0 has no logarithm

    private const double Noise = 1e-6; // networks compute in float32

    private const int MostLines = 16;

    private const double MostStretch = 1.5; // of a plane that keeps its proportions; a longer one would leave most of the figure white

    private readonly double[] heights = [.. grid.Losses.Select(loss => double.IsFinite(loss) ? Math.Log10(Math.Clamp(loss, Least, clip)) : double.NaN)];

    public required string Title { get; init; }

    public string XLabel { get; init; } = "first direction";

    public string YLabel { get; init; } = "second direction";

    /// <summary>Lowest and highest log10 loss of colours, for figures that are compared; null: the plane's own.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>The lowest and the highest log10 loss.</summary>
    public (double Low, double High) OwnRange => (heights.Where(double.IsFinite).Min(), heights.Where(double.IsFinite).Max());

    private (double, double) X => (grid.Xs[0], grid.Xs[^1]);

    private (double, double) Y => (grid.Ys[0], grid.Ys[^1]);

    /// <summary>Least and most loss, holes and clamped points, and how far the surface is from convex (<see cref="SurfaceConvexity"/>).</summary>
    /// <exception cref="NumericsException">No loss is finite.</exception>
    public static Dictionary<string, double> Numbers(MetricGrid grid)
    {
        double[] losses = grid.Losses, finite = [.. losses.Where(double.IsFinite)];
        if (finite.Length == 0) throw new NumericsException("the loss is finite at no point of the plane; a smaller --range may help");
        var convexity = SurfaceConvexity.Of(grid.Xs, grid.Ys, grid["loss"], Noise);
        return new()
        {
            ["loss_least"] = finite.Min(),
            ["loss_most"] = finite.Max(),
            ["holes"] = losses.Length - finite.Length,
            ["clamped"] = grid.Flat(EvaluationSet.Clamped).Sum(),
            ["negative_share"] = convexity.NegativeShare,
            ["negative_ratio"] = convexity.NegativeRatio,
            ["mean_gap"] = convexity.MeanGap,
            ["largest_gap"] = convexity.LargestGap,
        };
    }

    /// <summary>Colours and white lines.</summary>
    public Figure HeatMap() => WithLines(Empty().HeatMap<double>(heights, grid.Ys.Length, grid.Xs.Length, X, Y, label: "log10 loss", smooth: !heights.Any(double.IsNaN), range: Range));

    /// <summary>Lines with their heights.</summary>
    public Figure Contour() => WithLines(Empty() with { Title = $"{Title} (lines: log10 loss)" });

    /// <summary>A surface in space.</summary>
    public SurfacePlot Surface()
    {
        var range = Range ?? OwnRange;
        return SurfacePlot.Of<double>(heights, grid.Ys.Length, grid.Xs.Length) with { Title = Title, Range = range, Ticks = [.. Ticks(range)] };
    }

    /// <summary>The surface to turn by hand.</summary>
    /// <param name="path">Points (x, y, log10 loss) on it.</param>
    public LandscapePage Page(IReadOnlyList<(double X, double Y, double Height)> path) => new(Title, heights, grid.Xs, grid.Ys, path);

    /// <summary>Saves all of them; what is flat as SVG too.</summary>
    public void Save(ExampleRun run, string stem)
    {
        foreach (var extension in (string[])["png", "svg"])
        {
            HeatMap().Save(run.Output($"{stem}.{extension}"));
            Contour().Save(run.Output($"{stem}-contour.{extension}"));
        }

        Surface().Save(run.Output($"{stem}-3d.png"));
    }

    /// <summary>Powers of ten at their logarithms, with numbers between where there are few, and some of them where there are many.</summary>
    private static IEnumerable<(double Height, string Words)> Ticks((double Low, double High) range)
    {
        const int most = 6;
        var decades = range.High - range.Low;
        int[] factors = decades > 2.5 ? [1] : decades > 1 ? [1, 3] : [1, 2, 5];
        var step = Math.Max(1, (int)Math.Ceiling(decades / most));
        return from power in Enumerable.Range((int)Math.Floor(range.Low), (int)Math.Ceiling(decades) + 2)
               where power % step == 0
               from factor in factors
               let height = Math.Log10(factor) + power
               where height >= range.Low && height <= range.High
               select (height, Math.Pow(10, height).ToString(Math.Abs(power) < 5 ? "0.####" : "0e0", CultureInfo.InvariantCulture));
    }

    private Figure Empty()
    {
        var (width, height) = (grid.Xs[^1] - grid.Xs[0], grid.Ys[^1] - grid.Ys[0]);
        return new(Title, XLabel, YLabel) { EqualUnits = width < MostStretch * height && height < MostStretch * width, Width = 640, Height = 560 };
    }

    // Lines of equal height need all their corners.
    private Figure WithLines(Figure figure)
    {
        if (heights.Any(double.IsNaN)) return figure;
        var (low, high) = Range ?? OwnRange;
        var step = ((double[])[0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]).FirstOrDefault(step => (high - low) / step <= MostLines, 2);
        double[] levels = [.. Enumerable.Range((int)Math.Ceiling(low / step), MostLines + 1).Select(i => Math.Round(i * step, 3)).Where(level => level > low && level < high)];
        return figure.Contour<double>(heights, grid.Ys.Length, grid.Xs.Length, X, Y, levels: levels);
    }
}
