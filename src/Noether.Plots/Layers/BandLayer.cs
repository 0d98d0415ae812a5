using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>The area between two curves, such as a mean's spread. It takes the colour of the series that follows it.</summary>
internal sealed record BandLayer(ImmutableArray<double> X, ImmutableArray<double> Low, ImmutableArray<double> High) : Layer
{
    public override void Add(Axes axes, Color color)
    {
        var points = new List<(double, double, double)>(X.Length);
        for (var i = 0; i < X.Length; i++)
        {
            var (x, low, high) = (axes.MapX(X[i]), axes.MapY(Low[i]), axes.MapY(High[i]));
            if (double.IsFinite(x) && double.IsFinite(low) && double.IsFinite(high))
                points.Add((x, low, high));
        }

        if (points.Count < 2)
            return;
        var band = axes.Plot.Add.FillY(points);
        band.FillColor = color.WithAlpha(0.18);
        band.LineWidth = 0;
        band.MarkerSize = 0;
    }
}
