using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>A series of points, joined by a line or marked each.</summary>
internal sealed record PointLayer(ImmutableArray<double> X, ImmutableArray<double> Y, string? Label, bool Joined, bool Dashed) : Layer
{
    public override bool IsSeries => true;

    public override void Add(Axes axes, Color color)
    {
        // A gap where a number is missing or has no logarithm: each run of good points is a piece of its own.
        var run = new List<Coordinates>();
        var named = false;
        for (var i = 0; i <= X.Length; i++)
        {
            if (i < X.Length)
            {
                var point = new Coordinates(axes.MapX(X[i]), axes.MapY(Y[i]));
                if (double.IsFinite(point.X) && double.IsFinite(point.Y))
                {
                    run.Add(point);
                    continue;
                }

                if (!Joined)
                    continue;
            }

            if (run.Count == 0)
                continue;
            Piece(axes.Plot, [.. run], color, named ? null : Label);
            named = true;
            run.Clear();
        }
    }

    private void Piece(Plot plot, Coordinates[] points, Color color, string? label)
    {
        var piece = plot.Add.Scatter(points);
        piece.LegendText = label ?? "";
        piece.LineStyle.AntiAlias = true;
        if (Joined)
        {
            piece.LineColor = color;
            piece.LineWidth = 2;
            piece.LinePattern = Dashed ? LinePattern.Dashed : LinePattern.Solid;
            // a lone point between gaps would be invisible as a line
            piece.MarkerSize = points.Length == 1 ? 5 : 0;
            piece.MarkerFillColor = color;
            piece.MarkerLineColor = color;
        }
        else
        {
            piece.LineWidth = 0;
            piece.MarkerShape = MarkerShape.FilledCircle;
            // many points: smaller and lighter, so that density shows
            piece.MarkerSize = points.Length > 2000 ? 3 : points.Length > 300 ? 5 : 7;
            piece.MarkerFillColor = color.WithAlpha(points.Length > 300 ? 0.5 : 0.8);
            piece.MarkerLineWidth = 0;
        }
    }
}
