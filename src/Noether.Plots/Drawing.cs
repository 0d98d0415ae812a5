using System.Text;

using SkiaSharp;

namespace Noether.Plots;

/// <summary>Anything that can be saved as a picture: a <see cref="Figure"/>, an <see cref="ImageGrid"/>, several in <see cref="Panels"/>.</summary>
/// <remarks>A drawing is a value: every method that adds something returns a new one.</remarks>
public abstract record Drawing
{
    /// <summary>Width in points; a PNG has <see cref="Scale"/> pixels a point.</summary>
    public virtual int Width { get; init; } = 800;

    /// <summary>Height in points.</summary>
    public virtual int Height { get; init; } = 500;

    /// <summary>Pixels a point in a PNG. Two looks crisp on most screens and in print.</summary>
    public double Scale { get; init; } = 2;

    /// <summary>Writes the picture, as PNG or SVG by the extension. The folder is made; an old file stays whole until the new one is.</summary>
    /// <exception cref="FigureException">The extension is neither .png nor .svg, or the data cannot be drawn.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var bytes = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => ToPng(),
            ".svg" => Encoding.UTF8.GetBytes(ToSvg()),
            var other => throw new FigureException($"Save: '{path}' ends in '{other}'; figures are written as .png or .svg"),
        };
        AtomicWrite.AllBytes(path, bytes);
    }

    /// <summary>The picture as the bytes of a PNG file, <c>Width·Scale</c> by <c>Height·Scale</c> pixels.</summary>
    public byte[] ToPng()
    {
        var pixels = new SKImageInfo((int)Math.Round(Width * Scale), (int)Math.Round(Height * Scale), SKColorType.Rgba8888, SKAlphaType.Premul);
        using var surface = SKSurface.Create(pixels)
            ?? throw new FigureException($"{GetType().Name}: {pixels.Width} x {pixels.Height} pixels is not a size that can be drawn");
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale((float)Scale);
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The picture as an SVG document.</summary>
    public string ToSvg()
    {
        using var stream = new MemoryStream();
        // the document is complete only once the canvas is closed
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream))
        {
            canvas.Clear(SKColors.White);
            Draw(canvas);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Draws into the rectangle from the origin to (Width, Height).</summary>
    internal abstract void Draw(SKCanvas canvas);
}
