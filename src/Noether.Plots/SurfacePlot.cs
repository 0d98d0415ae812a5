using System.Collections.Immutable;
using System.Numerics;

using SkiaSharp;

namespace Noether.Plots;

/// <summary>A matrix as a surface in space, seen from above and aside, shaded by its slope. Missing numbers are holes.</summary>
/// <remarks>Cells are painted from the farthest to the nearest, by parallel projection: equal lengths stay equal.</remarks>
public sealed record SurfacePlot : Drawing
{
    private const float TitleSize = 17, TickSize = 12;

    // Faces that look to the light keep their colour, those aside of it lose this part.
    private const double Shade = 0.45;

    private readonly ImmutableArray<double> values;
    private readonly int rows, columns;

    private SurfacePlot(ImmutableArray<double> values, int rows, int columns) => (this.values, this.rows, this.columns) = (values, rows, columns);

    /// <inheritdoc/>
    public override int Width { get; init; } = 560;

    /// <summary>Above the surface; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>The heights of floor and ceiling, and of the first and the last colour; null: those of the values. What is higher is cut off.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>Heights that are written beside the surface, with their words.</summary>
    public ImmutableArray<(double Height, string Words)> Ticks { get; init; } = [];

    /// <summary>The direction of the eye, in degrees from the y axis.</summary>
    public double Azimuth { get; init; } = 35;

    /// <summary>How far the eye looks down, in degrees.</summary>
    public double Elevation { get; init; } = 40;

    /// <summary>The height of the surface, as a part of its side.</summary>
    public double Aspect { get; init; } = 0.6;

    /// <summary>The colours.</summary>
    public ColorMap Map { get; init; }

    /// <summary>The surface over a grid.</summary>
    /// <param name="values">Row-major, <paramref name="rows"/> by <paramref name="columns"/>, at least 2 by 2.</param>
    /// <param name="rows">Steps in y.</param>
    /// <param name="columns">Steps in x.</param>
    /// <exception cref="FigureException">The matrix is smaller than 2 x 2 or its length is not rows x columns.</exception>
    public static SurfacePlot Of<T>(ReadOnlySpan<T> values, int rows, int columns) where T : INumberBase<T> =>
        rows < 2 || columns < 2 || values.Length != (long)rows * columns
            ? throw new FigureException($"SurfacePlot: {values.Length} values for {rows} rows x {columns} columns; at least 2 x 2 are needed")
            : new(Numbers.Copy(values), rows, columns);

    internal override void Draw(SKCanvas canvas)
    {
        var (low, high) = Range ?? Numbers.Range(values.AsSpan());
        if (!(low < high))
            (low, high) = (low - 0.5, low + 0.5);
        var view = new View(this, Title is null ? 8 : 34);
        Floor(canvas, view);
        Label(canvas, view, low, high);
        var map = Palette.Of(Map);
        using var fill = new SKPaint { IsAntialias = true, Style = SKPaintStyle.StrokeAndFill, StrokeWidth = 0.6f };
        using var mesh = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 0.5f, Color = new SKColor(0, 0, 0, 45) };
        foreach (var (row, column) in Cells(view))
        {
            Span<double> heights = [At(row, column), At(row, column + 1), At(row + 1, column + 1), At(row + 1, column)];
            if (heights.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
                continue;
            for (var i = 0; i < heights.Length; i++)
                heights[i] = (Math.Clamp(heights[i], low, high) - low) / (high - low);
            using var path = new SKPath();
            path.AddPoly(
            [
                view.Place(X(column), Y(row), heights[0]), view.Place(X(column + 1), Y(row), heights[1]),
                view.Place(X(column + 1), Y(row + 1), heights[2]), view.Place(X(column), Y(row + 1), heights[3]),
            ]);
            var mean = (heights[0] + heights[1] + heights[2] + heights[3]) / 4;
            var (alongX, alongY) = (
                (heights[1] + heights[2] - heights[0] - heights[3]) / 2 * Aspect * (columns - 1), (heights[2] + heights[3] - heights[0] - heights[1]) / 2 * Aspect * (rows - 1));
            var color = map.GetColor(mean);
            var light = 1 - Shade * (1 - Light(alongX, alongY));
            fill.Color = new SKColor((byte)(color.R * light), (byte)(color.G * light), (byte)(color.B * light));
            canvas.DrawPath(path, fill);
            canvas.DrawPath(path, mesh);
        }

        if (Title is null)
            return;
        using var font = Typeface.Font(TitleSize);
        using var ink = new SKPaint { IsAntialias = true, Color = Ink };
        canvas.DrawText(Title, Width / 2f, 24, SKTextAlign.Center, font, ink);
    }

    private static SKColor Ink => new(0x22, 0x22, 0x22);

    private double At(int row, int column) => values[row * columns + column];

    private double X(int column) => column / (columns - 1.0) - 0.5;

    private double Y(int row) => row / (rows - 1.0) - 0.5;

    // Of a face with these slopes, under a light from above, in front and left: 1 where it looks to it, 0 where it looks aside.
    private static double Light(double alongX, double alongY) =>
        Math.Max(0, (0.35 * alongX + 0.45 * alongY + 0.82) / Math.Sqrt(1 + alongX * alongX + alongY * alongY));

    private IEnumerable<(int Row, int Column)> Cells(View view) =>
        from row in Enumerable.Range(0, rows - 1)
        from column in Enumerable.Range(0, columns - 1)
        orderby view.Depth(X(column) + X(column + 1), Y(row) + Y(row + 1)) descending
        select (row, column);

    private static void Floor(SKCanvas canvas, View view)
    {
        using var line = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 1, Color = new SKColor(0xBB, 0xBB, 0xBB) };
        using var path = new SKPath();
        path.AddPoly([view.Place(-0.5, -0.5, 0), view.Place(0.5, -0.5, 0), view.Place(0.5, 0.5, 0), view.Place(-0.5, 0.5, 0)]);
        canvas.DrawPath(path, line);
    }

    private void Label(SKCanvas canvas, View view, double low, double high)
    {
        if (Ticks.IsDefaultOrEmpty)
            return;
        using var line = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 1, Color = new SKColor(0x88, 0x88, 0x88) };
        using var font = Typeface.Font(TickSize);
        using var ink = new SKPaint { IsAntialias = true, Color = Ink };
        // the corner that stands farthest left
        var (x, y) = new (double X, double Y)[] { (-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5) }.MinBy(corner => view.Place(corner.X, corner.Y, 0).X);
        canvas.DrawLine(view.Place(x, y, 0), view.Place(x, y, 1), line);
        foreach (var (height, words) in Ticks)
        {
            if (height < low || height > high)
                continue;
            var at = view.Place(x, y, (height - low) / (high - low));
            canvas.DrawLine(at, new(at.X - 4, at.Y), line);
            canvas.DrawText(words, at.X - 7, at.Y + 4, SKTextAlign.Right, font, ink);
        }
    }

    /// <summary>From the unit square and height to points of the picture.</summary>
    private readonly struct View
    {
        private readonly double cos, sin, down, up, aspect, scale, centreX, centreY;

        public View(SurfacePlot plot, int top)
        {
            var (azimuth, elevation) = (plot.Azimuth * Math.PI / 180, plot.Elevation * Math.PI / 180);
            (cos, sin, down, up, aspect) = (Math.Cos(azimuth), Math.Sin(azimuth), Math.Sin(elevation), Math.Cos(elevation), plot.Aspect);
            var across = Math.Abs(cos) + Math.Abs(sin);
            var left = plot.Ticks.IsDefaultOrEmpty ? 8 : 44;
            scale = Math.Min((plot.Width - left - 8) / across, (plot.Height - top - 8) / (across * down + aspect * up));
            centreX = left + (plot.Width - left - 8) / 2.0;
            centreY = top + (plot.Height - top - 8 + scale * aspect * up) / 2.0;
        }

        public double Depth(double x, double y) => x * sin + y * cos;

        public SKPoint Place(double x, double y, double height) => new(
            (float)(centreX + scale * (x * cos - y * sin)), (float)(centreY - scale * (Depth(x, y) * down + height * aspect * up)));
    }
}
