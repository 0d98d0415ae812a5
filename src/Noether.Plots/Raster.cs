using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

using SkiaSharp;

namespace Noether.Plots;

/// <summary>A small picture to show as it is, such as a digit or a feature map: grey or RGB.</summary>
public sealed class Raster
{
    private readonly ImmutableArray<byte> rgba;

    private Raster(int height, int width, byte[] rgba)
    {
        (Height, Width) = (height, width);
        this.rgba = ImmutableCollectionsMarshal.AsImmutableArray(rgba);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>A grey picture: <paramref name="black"/> and below is black, <paramref name="white"/> and above is white.</summary>
    /// <param name="values">[height, width], row-major, top row first.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="black">The value shown black; above <paramref name="white"/> to invert.</param>
    /// <param name="white">The value shown white.</param>
    /// <exception cref="FigureException">The length is not height x width.</exception>
    public static Raster Gray<T>(ReadOnlySpan<T> values, int height, int width, double black = 0, double white = 1) where T : INumberBase<T>
    {
        Check("Gray", values.Length, height, width, 1);
        var rgba = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            var level = Level(double.CreateTruncating(values[i]), black, white);
            (rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2], rgba[4 * i + 3]) = (level, level, level, 255);
        }

        return new(height, width, rgba);
    }

    /// <summary>A colour picture.</summary>
    /// <param name="values">[height, width, 3], row-major, red first.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="black">The value of no light.</param>
    /// <param name="white">The value of full light.</param>
    /// <exception cref="FigureException">The length is not height x width x 3.</exception>
    public static Raster Rgb<T>(ReadOnlySpan<T> values, int height, int width, double black = 0, double white = 1) where T : INumberBase<T>
    {
        Check("Rgb", values.Length, height, width, 3);
        var rgba = new byte[height * width * 4];
        for (var i = 0; i < height * width; i++)
        {
            for (var channel = 0; channel < 3; channel++)
                rgba[4 * i + channel] = Level(double.CreateTruncating(values[3 * i + channel]), black, white);
            rgba[4 * i + 3] = 255;
        }

        return new(height, width, rgba);
    }

    internal SKImage ToImage() =>
        SKImage.FromPixelCopy(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba.AsSpan());

    // NaN compares false with everything and ends as black
    private static byte Level(double value, double black, double white)
    {
        var share = (value - black) / (white - black);
        return share > 0 ? (byte)Math.Round(255 * Math.Min(share, 1)) : (byte)0;
    }

    private static void Check(string kind, int length, int height, int width, int channels)
    {
        if (height < 1 || width < 1 || length != (long)height * width * channels)
            throw new FigureException($"{kind}: {length} values for {height} x {width} pixels of {channels}");
    }
}
