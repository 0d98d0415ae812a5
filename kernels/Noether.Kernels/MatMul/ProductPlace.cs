using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>Which tile of which product the group makes, and over which part of the inner size.</summary>
/// <remarks>
/// Tiles of a matrix are taken in bands of eight rows of tiles, down the band first: groups that run at the same time then share the lines of both
/// factors in the second-level cache.
/// </remarks>
internal struct ProductPlace
{
    private const int Band = 8;

    public int Matrix;

    /// <summary>Which part of the inner size.</summary>
    public int Part;

    /// <summary>The tile's first row and column.</summary>
    public int Row;

    public int Column;

    /// <summary>The inner size that the group sums.</summary>
    public int Begin;

    public int End;

    /// <summary>Where the matrix begins in the results' memory.</summary>
    public long Start;

    /// <summary>Groups for all tiles of all products; 0 if there is nothing to make.</summary>
    public static long Groups(in ProductSizes sizes, int lines) =>
        (long)Tiles(sizes.Rows, lines) * Tiles(sizes.Columns, lines) * sizes.Batch * sizes.Parts;

    /// <summary>The place of this group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ProductPlace Of(ProductSizes sizes, int lines)
    {
        var across = Tiles(sizes.Columns, lines);
        var down = Tiles(sizes.Rows, lines);
        var result = Grid.IdxX / (across * down);
        var tile = Grid.IdxX - result * (across * down);
        var band = tile / (Band * across) * Band;
        var height = down - band < Band ? down - band : Band;
        var rest = tile - band * across;
        var part = result / sizes.Batch;
        var begin = part * sizes.Chunk;
        return new()
        {
            Matrix = result - part * sizes.Batch,
            Part = part,
            Row = (band + rest % height) * lines,
            Column = rest / height * lines,
            Begin = begin,
            End = sizes.Inner - begin < sizes.Chunk ? sizes.Inner : begin + sizes.Chunk,
            Start = sizes.Start + (long)result * sizes.Rows * sizes.Columns,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Tiles(int size, int lines) => (size + lines - 1) / lines;
}
