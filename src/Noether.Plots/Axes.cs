using ScottPlot;
using ScottPlot.TickGenerators;

namespace Noether.Plots;

/// <summary>The frame that layers are put on while a figure is drawn: scales, ticks, fonts.</summary>
internal sealed class Axes
{
    public const float TitleSize = 17;
    public const float LabelSize = 14;
    public const float TickSize = 12;

    // fewer ticks than ScottPlot's default: one about every 80 points
    private const double TickDensity = 0.6;

    // ScottPlot centres a label by the height of its line, which leaves digits too high
    public const float Centring = 2.5f;

    private readonly AxisScale x, y;
    private readonly int barLayers;
    private int barsPlaced;
    private bool xNamed, yNamed;

    public Axes(Figure figure)
    {
        (x, y) = (figure.XScale, figure.YScale);
        barLayers = figure.Layers.Count(layer => layer is BarLayer);
        HasHeatMap = figure.Layers.Any(layer => layer is HeatMapLayer);
    }

    public Plot Plot { get; } = new();

    public bool HasHeatMap { get; }

    /// <summary>Set by layers whose y starts at zero: no margin below.</summary>
    public bool FloorAtZero { get; set; }

    public double MapX(double value) => Map(value, x);

    public double MapY(double value) => Map(value, y);

    public (int Place, int Places) NextBarPlace() => (barsPlaced++, barLayers);

    public void RequireLinear(string layer)
    {
        if (x != AxisScale.Linear || y != AxisScale.Linear)
            throw new FigureException($"{layer}: needs linear axes, but the figure's are x {x}, y {y}");
    }

    public void NameX(ReadOnlySpan<string> names)
    {
        Plot.Axes.Bottom.TickGenerator = Named(names);
        Plot.Axes.Bottom.MajorTickStyle.Length = 0;
        xNamed = true;
    }

    public void NameY(ReadOnlySpan<string> names)
    {
        Plot.Axes.Left.TickGenerator = Named(names);
        Plot.Axes.Left.MajorTickStyle.Length = 0;
        yNamed = true;
    }

    /// <summary>Titles, fonts, limits and ticks, once all layers are there.</summary>
    public void Finish(Figure figure)
    {
        Plot.Font.Set(Typeface.Name);
        Plot.Title(figure.Title ?? "", TitleSize);
        Plot.Axes.Title.Label.Bold = false;
        Label(Plot.Axes.Bottom, figure.XLabel);
        Label(Plot.Axes.Left, figure.YLabel);
        Plot.Axes.Color(Palette.Ink);
        Plot.Axes.Left.TickLabelStyle.OffsetY = Centring;
        Plot.Axes.Right.FrameLineStyle.Width = 0;
        Plot.Axes.Top.FrameLineStyle.Width = 0;
        // room for the last tick's label, which is centred on the edge
        Plot.Axes.Right.MinimumSize = 24;

        var field = figure.Layers.Any(layer => layer.IsField);
        if (field || figure.Layers.IsEmpty)
            Plot.HideGrid();
        else
            Plot.Grid.MajorLineColor = Palette.Faint;
        if (xNamed)
            Plot.Grid.XAxisStyle.IsVisible = false;

        Limits(figure, field);
        if (!xNamed)
            Plot.Axes.Bottom.TickGenerator = Ticks(x, Plot.Axes.Bottom.Range.Min, Plot.Axes.Bottom.Range.Max);
        if (!yNamed)
            Plot.Axes.Left.TickGenerator = Ticks(y, Plot.Axes.Left.Range.Min, Plot.Axes.Left.Range.Max);
        if (figure.EqualUnits)
            Plot.Axes.SquareUnits();
        Legend(figure);
    }

    private void Limits(Figure figure, bool field)
    {
        if (field)
            Plot.Axes.Margins(0, 0);
        else if (FloorAtZero)
            Plot.Axes.Margins(0.03, 0.03, 0, 0.08);
        else
            Plot.Axes.Margins(0.03, 0.06);
        Plot.Axes.AutoScale();
        if (FloorAtZero && !figure.Layers.Any(HasNegative))
            Plot.Axes.SetLimitsY(0, Plot.Axes.Left.Range.Max);
        Plot.Axes.SetLimits(
            Limit(figure.XRange?.Low, x), Limit(figure.XRange?.High, x), Limit(figure.YRange?.Low, y), Limit(figure.YRange?.High, y));
    }

    private void Legend(Figure figure)
    {
        if (!Plot.PlottableList.SelectMany(plottable => plottable.LegendItems).Any(item => !string.IsNullOrEmpty(item.LabelText)))
        {
            Plot.HideLegend();
            return;
        }

        var legend = Plot.ShowLegend(figure.Legend switch
        {
            LegendPlace.UpperLeft => Alignment.UpperLeft,
            LegendPlace.LowerLeft => Alignment.LowerLeft,
            LegendPlace.LowerRight => Alignment.LowerRight,
            LegendPlace.UpperRight => Alignment.UpperRight,
            _ => EmptiestCorner(figure),
        });
        legend.FontName = Typeface.Name;
        legend.FontSize = TickSize + 1;
        legend.FontColor = Palette.Ink;
        legend.ShadowFillStyle.IsVisible = false;
        legend.OutlineColor = Palette.Faint;
        legend.BackgroundColor = Colors.White.WithAlpha(0.85);
    }

    /// <summary>The corner with the fewest points of lines and scatters; the upper right among equals.</summary>
    private Alignment EmptiestCorner(Figure figure)
    {
        // about the part of the axes that a legend of three short entries covers
        const double Wide = 0.3, High = 0.25;
        ReadOnlySpan<(Alignment Place, bool Right, bool Top)> corners =
        [
            (Alignment.UpperRight, true, true), (Alignment.UpperLeft, false, true),
            (Alignment.LowerRight, true, false), (Alignment.LowerLeft, false, false),
        ];
        Span<int> points = stackalloc int[corners.Length];
        var (bottom, left) = (Plot.Axes.Bottom.Range, Plot.Axes.Left.Range);
        foreach (var layer in figure.Layers.OfType<PointLayer>())
        {
            for (var i = 0; i < layer.X.Length; i++)
            {
                var across = (MapX(layer.X[i]) - bottom.Min) / (bottom.Max - bottom.Min);
                var up = (MapY(layer.Y[i]) - left.Min) / (left.Max - left.Min);
                for (var corner = 0; corner < corners.Length; corner++)
                {
                    if ((corners[corner].Right ? across > 1 - Wide : across < Wide) && (corners[corner].Top ? up > 1 - High : up < High))
                        points[corner]++;
                }
            }
        }

        var best = 0;
        for (var corner = 1; corner < corners.Length; corner++)
        {
            if (points[corner] < points[best])
                best = corner;
        }

        return corners[best].Place;
    }

    private static bool HasNegative(Layer layer) => layer is BarLayer bars && bars.Values.Any(value => value < 0);

    private static double Map(double value, AxisScale scale) =>
        scale == AxisScale.Linear ? value : value > 0 ? Math.Log10(value) : double.NaN;

    private static double? Limit(double? value, AxisScale scale) =>
        value is { } given && double.IsFinite(Map(given, scale)) ? Map(given, scale) : null;

    private static void Label(IAxis axis, string? words)
    {
        axis.Label.Text = words ?? "";
        axis.Label.FontSize = LabelSize;
        axis.Label.Bold = false;
        axis.TickLabelStyle.FontSize = TickSize;
    }

    private static NumericManual Named(ReadOnlySpan<string> names)
    {
        var ticks = new NumericManual();
        for (var i = 0; i < names.Length; i++)
            ticks.AddMajor(i, names[i]);
        return ticks;
    }

    private static ITickGenerator Ticks(AxisScale scale, double low, double high) =>
        scale == AxisScale.Linear ? new NumericAutomatic { TickDensity = TickDensity } : LogarithmicTicks.Between(low, high);
}
