using ILGPU.Runtime;

namespace Noether.Kernels.Channels;

/// <summary>How the sums of dense matrices [count, rows, columns] are shared out: a group reads a strip of rows within a chunk of columns.</summary>
public struct AxisSumsSizes
{
    // Threads along a row: their loads of four are 512 bytes of float32.
    private const int MostAcross = 32;

    // Tiles that a chunk takes at least, for each row of it is written as a partial sum.
    private const int LeastTiles = 4;

    /// <summary>Where the matrices begin in their memory.</summary>
    public long Start;

    /// <summary>How many matrices.</summary>
    public int Count;

    /// <summary>Rows of each.</summary>
    public int Rows;

    /// <summary>Columns of each.</summary>
    public int Columns;

    /// <summary>Rows of a group: four or eight of each thread.</summary>
    public int Strip;

    /// <summary>Partial sums of a column.</summary>
    public int Strips;

    /// <summary>Columns of a group.</summary>
    public int Chunk;

    /// <summary>Partial sums of a row.</summary>
    public int Chunks;

    /// <summary>Threads of a group.</summary>
    public int Threads;

    /// <summary>Threads along a row, a power of two.</summary>
    public int Across;

    /// <summary>1 if four neighbours are one load: structs of kernels hold no bool.</summary>
    public int Quads;

    /// <summary>Rows are cut, and then columns, until every processor has some groups.</summary>
    /// <param name="accelerator">Where the kernel runs.</param>
    /// <param name="start">Where the matrices begin in their memory.</param>
    /// <param name="count">How many.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="columns">Columns of each.</param>
    public static AxisSumsSizes Of(Accelerator accelerator, long start, int count, int rows, int columns)
    {
        var threads = Grids.Threads(accelerator);
        var across = 1;
        while (across < Math.Min(MostAcross, threads) && 4 * across < columns) across *= 2;
        while (threads > MostAcross && threads > across && 2 * threads / across >= rows) threads /= 2;
        var least = 4 * (threads / across);
        long wanted = 4 * accelerator.NumMultiprocessors;
        var strip = rows > least && count * (long)Parts(rows, 2 * least) >= wanted ? 2 * least : least;
        var strips = Parts(rows, strip);
        var tile = 4 * across;
        var groups = Math.Max(1, count * (long)strips);
        var chunks = (int)Math.Clamp((wanted + groups - 1) / groups, 1, Math.Max(1, columns / (LeastTiles * tile)));
        var chunk = Parts(Parts(columns, chunks), tile) * tile;
        return new()
        {
            Start = start,
            Count = count,
            Rows = rows,
            Columns = columns,
            Strip = strip,
            Strips = strips,
            Chunk = chunk,
            Chunks = Parts(columns, chunk),
            Threads = threads,
            Across = across,
            Quads = start % 4 == 0 && columns % 4 == 0 ? 1 : 0,
        };
    }

    // An empty axis is one part: its sums are zeros that somebody has to write.
    private static int Parts(int size, int part) => size <= part ? 1 : (size - 1) / part + 1;
}
