namespace Noether.Kernels.Convolutions;

/// <summary>A number for each of three spatial axes, the innermost last; convolutions over fewer have axes of size 1 in front.</summary>
public struct Axis3
{
    /// <summary>Of the outermost axis.</summary>
    public int Z;

    /// <summary>Of the middle one.</summary>
    public int Y;

    /// <summary>Of the innermost.</summary>
    public int X;

    /// <summary>All three multiplied.</summary>
    public readonly int Product => Z * Y * X;

    /// <summary>The coordinates of the point with an index below <see cref="Product"/>, in row-major order.</summary>
    public readonly Axis3 Point(int index) => new() { Z = index / X / Y, Y = index / X % Y, X = index % X };

    /// <summary>The last one to three numbers of a list, the rest filled from the front.</summary>
    public static Axis3 Of(ReadOnlySpan<int> last, int fill) => new()
    {
        Z = last.Length > 2 ? last[^3] : fill,
        Y = last.Length > 1 ? last[^2] : fill,
        X = last[^1],
    };
}
