using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>How many values fall into each of equal bins.</summary>
internal sealed record HistogramLayer(ImmutableArray<double> Values, int Bins, string? Label) : Layer
{
    public override bool IsSeries => true;

    public override void Add(Axes axes, Color color)
    {
        axes.RequireLinear("Histogram");
        var (low, high) = Numbers.Range(Values.AsSpan());
        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        var width = (high - low) / Bins;
        var counts = new int[Bins];
        foreach (var value in Values)
        {
            if (double.IsFinite(value))
                counts[Math.Clamp((int)((value - low) / width), 0, Bins - 1)]++;
        }

        var bars = new Bar[Bins];
        for (var bin = 0; bin < Bins; bin++)
        {
            bars[bin] = new Bar
            {
                Position = low + (bin + 0.5) * width,
                Value = counts[bin],
                Size = width,
                FillColor = color.WithAlpha(0.65),
                LineColor = Colors.White,
                LineWidth = Bins > 100 ? 0 : 0.5f,
            };
        }

        axes.Plot.Add.Bars(bars).LegendText = Label ?? "";
        axes.FloorAtZero = true;
    }
}
