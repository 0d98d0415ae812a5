using ScottPlot;

namespace Noether.Plots;

/// <summary>A thin dashed line across the whole figure, at one value of one axis.</summary>
internal sealed record RuleLayer(double Value, bool Vertical, string? Label) : Layer
{
    public override void Add(Axes axes, Color color)
    {
        var at = Vertical ? axes.MapX(Value) : axes.MapY(Value);
        if (!double.IsFinite(at))
            return;
        ScottPlot.Plottables.AxisLine line = Vertical ? axes.Plot.Add.VerticalLine(at) : axes.Plot.Add.HorizontalLine(at);
        line.LineColor = Palette.Ink.WithAlpha(0.6);
        line.LineWidth = 1.2f;
        line.LinePattern = LinePattern.Dashed;
        line.LegendText = Label ?? "";
        line.LabelText = "";
    }
}
