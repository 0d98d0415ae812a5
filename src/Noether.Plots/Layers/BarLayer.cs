using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>One bar for each category; several layers stand side by side.</summary>
internal sealed record BarLayer(ImmutableArray<string> Names, ImmutableArray<double> Values, string? Label) : Layer
{
    // a quarter of each category's place stays free
    private const double Filled = 0.75;

    public override bool IsSeries => true;

    public override void Add(Axes axes, Color color)
    {
        axes.RequireLinear("Bars");
        var (place, places) = axes.NextBarPlace();
        var width = Filled / places;
        var bars = new List<Bar>(Values.Length);
        for (var i = 0; i < Values.Length; i++)
        {
            if (!double.IsFinite(Values[i]))
                continue;
            bars.Add(new Bar
            {
                Position = i + (place - (places - 1) / 2.0) * width,
                Value = Values[i],
                Size = width * 0.94,
                FillColor = color,
                LineWidth = 0,
            });
        }

        axes.Plot.Add.Bars(bars).LegendText = Label ?? "";
        axes.NameX(Names.AsSpan());
        axes.FloorAtZero = true;
    }
}
