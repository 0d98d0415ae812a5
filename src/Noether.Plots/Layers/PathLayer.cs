using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>A way through points in their order, on top of a field: dark and bright, so that it shows on every colour.</summary>
internal sealed record PathLayer(ImmutableArray<double> X, ImmutableArray<double> Y, string? Label) : Layer
{
    public override bool IsSeries => true;

    public override void Add(Axes axes, Color color)
    {
        Coordinates[] points = [.. X.Zip(Y, (x, y) => new Coordinates(axes.MapX(x), axes.MapY(y))).Where(static at => double.IsFinite(at.X) && double.IsFinite(at.Y))];
        if (points.Length == 0)
            return;
        var rim = axes.Plot.Add.Scatter(points);
        rim.LineColor = Colors.White;
        rim.LineWidth = 4;
        rim.MarkerSize = 0;
        var path = axes.Plot.Add.Scatter(points);
        path.LegendText = Label ?? "";
        path.LineColor = Palette.Of(1);
        path.LineWidth = 2;
        path.MarkerShape = MarkerShape.FilledCircle;
        path.MarkerSize = 7;
        path.MarkerFillColor = Palette.Of(1);
        path.MarkerLineColor = Colors.White;
        path.MarkerLineWidth = 1;
    }
}
