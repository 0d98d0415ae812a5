using System.Collections.Immutable;
using System.Numerics;

using SkiaSharp;

namespace Noether.Plots;

/// <summary>Axes with lines, points, bars or fields on them. Each method returns a new figure with one more layer.</summary>
/// <example><code>
/// new Figure("Training", "step", "loss") { YScale = AxisScale.Logarithmic }
///     .Line(loss, "training").Line(steps, test, "test").Save("loss.png");
/// </code></example>
/// <param name="Title">Above the axes; null for none.</param>
/// <param name="XLabel">What x is, with its unit.</param>
/// <param name="YLabel">What y is, with its unit.</param>
public sealed record Figure(string? Title = null, string? XLabel = null, string? YLabel = null) : Drawing
{
    // points that stay white all around
    private const int Edge = 8;

    /// <summary>How x is placed.</summary>
    public AxisScale XScale { get; init; }

    /// <summary>How y is placed.</summary>
    public AxisScale YScale { get; init; }

    /// <summary>The shown part of x, in the units of the data; null for all of it.</summary>
    public (double Low, double High)? XRange { get; init; }

    /// <summary>The shown part of y; null for all of it.</summary>
    public (double Low, double High)? YRange { get; init; }

    /// <summary>Where the legend stands; there is one as soon as a layer has a label.</summary>
    public LegendPlace Legend { get; init; }

    /// <summary>True to give x and y the same length a unit.</summary>
    public bool EqualUnits { get; init; }

    internal ImmutableArray<Layer> Layers { get; init; } = [];

    /// <summary>A line through (x, y). A missing number (NaN, or not above zero on a logarithmic axis) leaves a gap.</summary>
    /// <exception cref="FigureException">The lengths differ.</exception>
    public Figure Line<TX, TY>(ReadOnlySpan<TX> x, ReadOnlySpan<TY> y, string? label = null, bool dashed = false)
        where TX : INumberBase<TX> where TY : INumberBase<TY>
    {
        Same("Line", x.Length, y.Length);
        return With(new PointLayer(Numbers.Copy(x), Numbers.Copy(y), label, Joined: true, dashed));
    }

    /// <summary>A line through y at x = 0, 1, 2, …</summary>
    public Figure Line<T>(ReadOnlySpan<T> y, string? label = null, bool dashed = false) where T : INumberBase<T> =>
        With(new PointLayer(Numbers.Count(y.Length), Numbers.Copy(y), label, Joined: true, dashed));

    /// <summary>A mark at each (x, y).</summary>
    /// <exception cref="FigureException">The lengths differ.</exception>
    public Figure Scatter<TX, TY>(ReadOnlySpan<TX> x, ReadOnlySpan<TY> y, string? label = null)
        where TX : INumberBase<TX> where TY : INumberBase<TY>
    {
        Same("Scatter", x.Length, y.Length);
        return With(new PointLayer(Numbers.Copy(x), Numbers.Copy(y), label, Joined: false, Dashed: false));
    }

    /// <summary>A line with a mark at each (x, y), rimmed so that it shows on a field of colours.</summary>
    /// <exception cref="FigureException">The lengths differ.</exception>
    public Figure Path<TX, TY>(ReadOnlySpan<TX> x, ReadOnlySpan<TY> y, string? label = null)
        where TX : INumberBase<TX> where TY : INumberBase<TY>
    {
        Same("Path", x.Length, y.Length);
        return With(new PathLayer(Numbers.Copy(x), Numbers.Copy(y), label));
    }

    /// <summary>A pale band from low to high, in the colour of the next series: add it before its line.</summary>
    /// <exception cref="FigureException">The lengths differ.</exception>
    public Figure Band<TX, TY>(ReadOnlySpan<TX> x, ReadOnlySpan<TY> low, ReadOnlySpan<TY> high)
        where TX : INumberBase<TX> where TY : INumberBase<TY>
    {
        Same("Band", x.Length, low.Length);
        Same("Band", x.Length, high.Length);
        return With(new BandLayer(Numbers.Copy(x), Numbers.Copy(low), Numbers.Copy(high)));
    }

    /// <summary>A dashed line across the figure at one y.</summary>
    public Figure HorizontalRule(double y, string? label = null) => With(new RuleLayer(y, Vertical: false, label));

    /// <summary>A dashed line across the figure at one x.</summary>
    public Figure VerticalRule(double x, string? label = null) => With(new RuleLayer(x, Vertical: true, label));

    /// <summary>Words at a point.</summary>
    public Figure Text(double x, double y, string words) => With(new TextLayer(x, y, words));

    /// <summary>How many values fall into each of <paramref name="bins"/> equal bins; values that are not finite are left out.</summary>
    /// <exception cref="FigureException">Fewer than one bin.</exception>
    public Figure Histogram<T>(ReadOnlySpan<T> values, int bins = 40, string? label = null) where T : INumberBase<T> =>
        bins < 1
            ? throw new FigureException($"Histogram: {bins} bins; at least one is needed")
            : With(new HistogramLayer(Numbers.Copy(values), bins, label));

    /// <summary>One bar for each name. Several calls with the same names stand side by side.</summary>
    /// <exception cref="FigureException">The lengths differ.</exception>
    public Figure Bars<T>(ReadOnlySpan<string> names, ReadOnlySpan<T> values, string? label = null) where T : INumberBase<T>
    {
        Same("Bars", names.Length, values.Length);
        return With(new BarLayer([.. names], Numbers.Copy(values), label));
    }

    /// <summary>A matrix as colours, with a colour bar. Row 0 is lowest; x and y give the centres of the outer cells.</summary>
    /// <param name="values">Row-major, <paramref name="rows"/> by <paramref name="columns"/>.</param>
    /// <param name="rows">Steps in y.</param>
    /// <param name="columns">Steps in x.</param>
    /// <param name="x">x of the first and the last column; default 0 to columns - 1.</param>
    /// <param name="y">y of the first and the last row; default 0 to rows - 1.</param>
    /// <param name="map">The colours.</param>
    /// <param name="label">What the colours mean, beside the bar.</param>
    /// <param name="smooth">True to blend neighbouring cells.</param>
    /// <param name="range">The values of the first and the last colour, for figures that are compared; default: the matrix's own.</param>
    /// <exception cref="FigureException">The matrix is empty or its length is not rows x columns.</exception>
    public Figure HeatMap<T>(
        ReadOnlySpan<T> values, int rows, int columns, (double From, double To)? x = null, (double From, double To)? y = null,
        ColorMap map = ColorMap.Viridis, string? label = null, bool smooth = false, (double Low, double High)? range = null) where T : INumberBase<T> =>
        With(new HeatMapLayer(FieldOf("HeatMap", values, rows, columns, x, y), map, label, smooth, range));

    /// <summary>Lines of equal height of a matrix; over a heat map they are white.</summary>
    /// <param name="values">Row-major, <paramref name="rows"/> by <paramref name="columns"/>, at least 2 by 2.</param>
    /// <param name="rows">Steps in y.</param>
    /// <param name="columns">Steps in x.</param>
    /// <param name="x">x of the first and the last column.</param>
    /// <param name="y">y of the first and the last row.</param>
    /// <param name="count">How many lines, if no levels are given.</param>
    /// <param name="levels">The heights; default: evenly spread.</param>
    /// <exception cref="FigureException">The matrix is smaller than 2 x 2 or its length is not rows x columns.</exception>
    public Figure Contour<T>(
        ReadOnlySpan<T> values, int rows, int columns, (double From, double To)? x = null, (double From, double To)? y = null,
        int count = 10, ReadOnlySpan<double> levels = default) where T : INumberBase<T>
    {
        if (rows < 2 || columns < 2)
            throw new FigureException($"Contour: a matrix of {rows} x {columns}; at least 2 x 2 is needed");
        return With(new ContourLayer(FieldOf("Contour", values, rows, columns, x, y), count, [.. levels]));
    }

    /// <summary>How often each true class was given each name. Rows are the truth; a cell's colour is its share of the row.</summary>
    /// <param name="counts">Row-major, classes by classes.</param>
    /// <param name="names">The classes.</param>
    /// <exception cref="FigureException">There are not classes x classes counts.</exception>
    public static Figure ConfusionMatrix(ReadOnlySpan<int> counts, ReadOnlySpan<string> names)
    {
        if (names.Length == 0 || counts.Length != names.Length * names.Length)
            throw new FigureException($"ConfusionMatrix: {counts.Length} counts for {names.Length} classes; classes x classes are needed");
        return new Figure("Confusion matrix", "predicted", "true") { Width = 640, Height = 620 }
            .With(new ConfusionLayer([.. counts], [.. names]));
    }

    internal override void Draw(SKCanvas canvas)
    {
        var axes = new Axes(this);
        var series = 0;
        foreach (var layer in Layers)
        {
            layer.Add(axes, Palette.Of(series));
            if (layer.IsSeries)
                series++;
        }

        axes.Finish(this);
        // ScottPlot begins by clearing all that it may draw on, which an SVG shows as a black sheet below its own background
        canvas.Save();
        canvas.ClipRect(SKRect.Create(Edge, Edge, Width - 2 * Edge, Height - 2 * Edge));
        axes.Plot.Render(canvas, new ScottPlot.PixelRect(Edge, Width - Edge, Height - Edge, Edge));
        canvas.Restore();
    }

    private Figure With(Layer layer) => this with { Layers = Layers.Add(layer) };

    private static Field FieldOf<T>(
        string layer, ReadOnlySpan<T> values, int rows, int columns, (double From, double To)? x, (double From, double To)? y)
        where T : INumberBase<T>
    {
        if (rows < 1 || columns < 1 || values.Length != (long)rows * columns)
            throw new FigureException($"{layer}: {values.Length} values for {rows} rows x {columns} columns");
        var (left, right) = x ?? (0, columns - 1);
        var (bottom, top) = y ?? (0, rows - 1);
        if ((columns > 1 && !(left < right)) || (rows > 1 && !(bottom < top)))
            throw new FigureException($"{layer}: x runs from {left} to {right}, y from {bottom} to {top}; each must rise");
        return new(Numbers.Copy(values), rows, columns, left, right, bottom, top);
    }

    private static void Same(string layer, int first, int second)
    {
        if (first != second)
            throw new FigureException($"{layer}: {first} and {second} values; as many are needed");
    }
}
