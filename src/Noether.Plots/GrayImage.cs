using SkiaSharp;

namespace Noether.Plots;

/// <summary>A grey picture read from a file: [height, width], row-major, 0 = black, 1 = white.</summary>
public sealed class GrayImage
{
    // 8,000 x 8,000: more is a mistake or an attack, not a picture to classify
    private const long MaxPixels = 64_000_000;

    private readonly float[] pixels;

    private GrayImage(int height, int width, float[] pixels) => (Height, Width, this.pixels) = (height, width, pixels);

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>All pixels, row by row from the top.</summary>
    public ReadOnlySpan<float> Pixels => pixels;

    /// <summary>The pixel of a row and a column, counted from the top left.</summary>
    public float this[int row, int column] => pixels[row * Width + column];

    /// <summary>Reads a PNG, JPEG, WebP, GIF or BMP file; colours become their luma (BT.601), transparent pixels white.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="ImageFileException">The file is not such an image, is broken or too large.</exception>
    public static GrayImage Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such file", path);
        using var stream = File.OpenRead(path);
        using var codec = SKCodec.Create(stream, out var found);
        if (codec is null)
            throw new ImageFileException($"{path}: not a PNG, JPEG, WebP, GIF or BMP image ({found})");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height is < 1 or > MaxPixels)
            throw new ImageFileException($"{path}: {width} x {height} pixels; at most {MaxPixels / 1_000_000} million are read");

        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        return result == SKCodecResult.Success
            ? new(height, width, Luma(bitmap.GetPixelSpan(), width * height))
            : throw new ImageFileException($"{path}: the image is broken ({result})");
    }

    /// <summary>The picture with black and white exchanged.</summary>
    public GrayImage Inverted()
    {
        var inverted = new float[pixels.Length];
        for (var i = 0; i < inverted.Length; i++)
            inverted[i] = 1 - pixels[i];
        return new(Height, Width, inverted);
    }

    /// <summary>The picture at another size: each new pixel is the mean of the area that it covers.</summary>
    public GrayImage Resized(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (height == Height && width == Width)
            return this;
        // rows first, then columns: the mean over a rectangle is a mean of means
        var rows = new float[height * Width];
        for (var row = 0; row < height; row++)
        {
            foreach (var (source, weight) in Cover(row, height, Height))
            {
                for (var column = 0; column < Width; column++)
                    rows[row * Width + column] += weight * pixels[source * Width + column];
            }
        }

        var resized = new float[height * width];
        for (var column = 0; column < width; column++)
        {
            foreach (var (source, weight) in Cover(column, width, Width))
            {
                for (var row = 0; row < height; row++)
                    resized[row * width + column] += weight * rows[row * Width + source];
            }
        }

        return new(height, width, resized);
    }

    /// <summary>Which of <paramref name="sources"/> cells the target cell covers, with weights that sum to one.</summary>
    private static List<(int Source, float Weight)> Cover(int target, int targets, int sources)
    {
        var ratio = (double)sources / targets;
        var (low, high) = (target * ratio, (target + 1) * ratio);
        var cover = new List<(int, float)>();
        for (var source = (int)low; source < Math.Min(sources, Math.Ceiling(high)); source++)
        {
            var weight = (Math.Min(high, source + 1) - Math.Max(low, source)) / ratio;
            if (weight > 0)
                cover.Add((source, (float)weight));
        }

        return cover;
    }

    private static float[] Luma(ReadOnlySpan<byte> rgba, int count)
    {
        var luma = new float[count];
        for (var i = 0; i < count; i++)
        {
            var light = 0.299f * rgba[4 * i] + 0.587f * rgba[4 * i + 1] + 0.114f * rgba[4 * i + 2];
            var alpha = rgba[4 * i + 3] / 255f;
            luma[i] = Math.Clamp(light / 255f * alpha + (1 - alpha), 0, 1);
        }

        return luma;
    }
}
