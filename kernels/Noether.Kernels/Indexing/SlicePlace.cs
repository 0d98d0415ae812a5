namespace Noether.Kernels.Indexing;

/// <summary>The coordinates of a dense [outer, slices, inner] element from its number.</summary>
internal readonly struct SlicePlace
{
    /// <summary>The first coordinate.</summary>
    public readonly long Outer;

    /// <summary>The middle coordinate.</summary>
    public readonly long Slice;

    /// <summary>The last coordinate.</summary>
    public readonly long Inner;

    /// <summary>Takes element <paramref name="index"/> apart.</summary>
    public SlicePlace(long index, long slices, long inner)
    {
        var row = Divide(index, inner);
        Inner = index - row * inner;
        Outer = Divide(row, slices);
        Slice = row - Outer * slices;
    }

    /// <summary>The nearest index inside [0, size).</summary>
    public static long Clamp(long index, long size) => index < 0 ? 0 : index >= size ? size - 1 : index;

    // In 32 bits where both fit: a 64-bit division costs a GPU four times as much.
    private static long Divide(long x, long y) => (x | y) <= uint.MaxValue ? (uint)x / (uint)y : x / y;
}
