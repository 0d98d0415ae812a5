using System.Collections.Immutable;

using SkiaSharp;

namespace Noether.Plots;

/// <summary>Pictures in rows, each with a caption below, under one title.</summary>
/// <param name="Title">Above all; null for none.</param>
/// <param name="Columns">Pictures a row.</param>
public sealed record ImageGrid(string? Title = null, int Columns = 8) : Drawing
{
    private const float Margin = 16;
    private const float Gap = 12;
    private const float CaptionSize = 12;
    private const float LineHeight = 16;
    private const float TitleHeight = 34;

    /// <summary>The side in points of the square that each picture is fitted into.</summary>
    public int Cell { get; init; } = 84;

    /// <summary>Follows from the number of pictures.</summary>
    public override int Width => (int)MathF.Ceiling(2 * Margin + InRow * Cell + (InRow - 1) * Gap);

    /// <summary>Follows from the number of pictures and the lines of their captions.</summary>
    public override int Height => (int)MathF.Ceiling(
        2 * Margin + (string.IsNullOrEmpty(Title) ? 0 : TitleHeight) + Rows * (Cell + CaptionHeight) + Math.Max(0, Rows - 1) * Gap);

    internal ImmutableArray<(Raster Picture, string Caption)> Pictures { get; init; } = [];

    // a title needs room even above few pictures
    private int InRow => Math.Clamp(Pictures.Length, Math.Min(4, Columns), Columns);

    private int Rows => (Pictures.Length + Columns - 1) / Columns;

    private float CaptionHeight =>
        LineHeight * Pictures.Select(entry => entry.Caption.Length == 0 ? 0 : entry.Caption.Count(letter => letter == '\n') + 1).DefaultIfEmpty().Max()
        + 4;

    /// <summary>The grid with one more picture.</summary>
    /// <param name="picture">What to show; enlarged without blurring.</param>
    /// <param name="caption">Below it; lines are cut to the cell's width.</param>
    public ImageGrid Add(Raster picture, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(caption);
        return this with { Pictures = Pictures.Add((picture, caption)) };
    }

    internal override void Draw(SKCanvas canvas)
    {
        if (Columns < 1 || Cell < 1)
            throw new FigureException($"ImageGrid: {Columns} columns of {Cell} points; both must be positive");
        using var ink = new SKPaint { Color = Palette.Ink.ToSKColor(), IsAntialias = true };
        var top = Margin;
        if (!string.IsNullOrEmpty(Title))
        {
            using var titleFont = Typeface.Font(15);
            canvas.DrawText(Fit(Title, titleFont, Width - 2 * Margin), Width / 2f, top + 16, SKTextAlign.Center, titleFont, ink);
            top += TitleHeight;
        }

        using var font = Typeface.Font(CaptionSize);
        for (var i = 0; i < Pictures.Length; i++)
        {
            var left = Margin + i % Columns * (Cell + Gap);
            Draw(canvas, Pictures[i].Picture, left, top + i / Columns * (Cell + CaptionHeight + Gap));
            var baseline = top + i / Columns * (Cell + CaptionHeight + Gap) + Cell + LineHeight;
            foreach (var line in Pictures[i].Caption.Split('\n'))
            {
                canvas.DrawText(Fit(line, font, Cell + Gap - 2), left + Cell / 2f, baseline, SKTextAlign.Center, font, ink);
                baseline += LineHeight;
            }
        }
    }

    private void Draw(SKCanvas canvas, Raster picture, float left, float top)
    {
        var scale = Math.Min((float)Cell / picture.Width, (float)Cell / picture.Height);
        var (width, height) = (picture.Width * scale, picture.Height * scale);
        var frame = SKRect.Create(left + (Cell - width) / 2, top + (Cell - height) / 2, width, height);
        using var image = picture.ToImage();
        canvas.DrawImage(image, frame, new SKSamplingOptions(SKFilterMode.Nearest));
        using var edge = new SKPaint { Color = Palette.Faint.ToSKColor(), Style = SKPaintStyle.Stroke, StrokeWidth = 0.75f };
        canvas.DrawRect(frame, edge);
    }

    private static string Fit(string words, SKFont font, float width)
    {
        if (font.MeasureText(words) <= width)
            return words;
        var kept = words.Length;
        while (kept > 1 && font.MeasureText(words[..kept] + "…") > width)
            kept--;
        return words[..kept] + "…";
    }
}
