using ScottPlot;

namespace Noether.Plots;

/// <summary>Words at a point of the axes.</summary>
internal sealed record TextLayer(double X, double Y, string Words) : Layer
{
    public override void Add(Axes axes, Color color)
    {
        var (x, y) = (axes.MapX(X), axes.MapY(Y));
        if (!double.IsFinite(x) || !double.IsFinite(y))
            return;
        var text = axes.Plot.Add.Text(Words, x, y);
        text.LabelFontName = Typeface.Name;
        text.LabelFontSize = 13;
        text.LabelFontColor = Palette.Ink;
        text.LabelAlignment = Alignment.LowerLeft;
        text.OffsetX = 4;
        text.OffsetY = -4;
    }
}
