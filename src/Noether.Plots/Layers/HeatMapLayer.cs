using ScottPlot;
using ScottPlot.Panels;

namespace Noether.Plots;

/// <summary>A matrix of numbers as colours, with the bar that explains them.</summary>
internal sealed record HeatMapLayer(Field Field, ColorMap Map, string? Label, bool Smooth, (double Low, double High)? Range = null) : Layer
{
    public override bool IsField => true;

    public override void Add(Axes axes, Color color)
    {
        axes.RequireLinear("HeatMap");
        var (low, high) = Numbers.Range(Field.Values.AsSpan());
        if (Range is { } given)
        {
            (low, high) = given;
        }
        else if (Map == ColorMap.Diverging)
        {
            high = Math.Max(Math.Abs(low), Math.Abs(high));
            low = -high;
        }

        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        var map = Field.AddTo(axes.Plot, Map, low, high);
        map.Smooth = Smooth;

        var bar = new ColorBar(map, Edge.Right) { Label = Label ?? "", Width = 18 };
        bar.LabelStyle.FontName = Typeface.Name;
        bar.LabelStyle.FontSize = Axes.LabelSize;
        bar.LabelStyle.ForeColor = Palette.Ink;
        bar.LabelStyle.Bold = false;
        bar.Axis.TickLabelStyle.FontName = Typeface.Name;
        bar.Axis.TickLabelStyle.FontSize = Axes.TickSize;
        bar.Axis.TickLabelStyle.OffsetY = Axes.Centring;
        bar.Axis.TickLabelStyle.ForeColor = Palette.Ink;
        axes.Plot.Axes.AddPanel(bar);
    }
}
