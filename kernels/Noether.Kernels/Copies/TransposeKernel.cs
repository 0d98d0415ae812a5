using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Copies;

/// <summary>Copies whose source has its neighbours along one axis and whose destination along another: a transposition of two axes for all places of the others.</summary>
/// <typeparam name="T">The element's size decides: <see cref="byte"/>, <see cref="short"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
/// <remarks>
/// Algorithm: a group a tile of 32 x 32: it reads along the source's axis into shared memory, and writes out of it along the destination's.
/// Layout:    any strides; a tile's line has 33 places, so that a column of it lies in different banks.
/// Limit:     bandwidth: both sides move 32 neighbours at a time, four a thread in flight.
/// Reference: <see cref="IndexMap.At"/> in a loop.
/// </remarks>
internal sealed class TransposeKernel<T>(Accelerator accelerator)
    where T : unmanaged
{
    private const int Edge = 32;
    private const int Stride = Edge + 1;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, TransposeSizes, IndexMap, IndexMap> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, TransposeSizes, IndexMap, IndexMap>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues the copy of every (row, column) at each place of the other axes.</summary>
    public void Launch(AcceleratorStream stream, ArrayView<T> source, ArrayView<T> destination, CopyAxis row, CopyAxis column, CopyLayout others)
    {
        var across = (column.Size - 1) / Edge + 1;
        var tiles = (long)across * ((row.Size - 1) / Edge + 1);
        var sizes = new TransposeSizes
        {
            FromRow = row.From,
            FromColumn = column.From,
            ToRow = row.To,
            ToColumn = column.To,
            Rows = row.Size,
            Columns = column.Size,
            TilesAcross = across,
            Tiles = checked((int)tiles),
        };
        launch(stream, Grids.GroupEach(accelerator, tiles * others.Count), source, destination, sizes, others.From(), others.To());
    }

    private static void Kernel(ArrayView<T> source, ArrayView<T> destination, TransposeSizes sizes, IndexMap from, IndexMap to)
    {
        var tile = SharedMemory.Allocate<T>(Edge * Stride);
        int lane = Group.IdxX % Edge, line = Group.IdxX / Edge, lines = Group.DimX / Edge;
        int place = Grid.IdxX / sizes.Tiles, inPlace = Grid.IdxX - place * sizes.Tiles;
        int down = inPlace / sizes.TilesAcross, row = down * Edge, column = (inPlace - down * sizes.TilesAcross) * Edge;

        // Four at a time: ILGPU unrolls no loop.
        var read = from.At(place) + (column + lane) * sizes.FromColumn;
        var readable = column + lane < sizes.Columns ? sizes.Rows - row : 0;
        for (var at = line; at < Edge; at += 4 * lines)
        {
            int second = at + lines, third = at + 2 * lines, fourth = at + 3 * lines;
            T a = default, b = default, c = default, d = default;
            if (at < readable) a = source[read + (row + at) * sizes.FromRow];
            if (second < readable) b = source[read + (row + second) * sizes.FromRow];
            if (third < readable) c = source[read + (row + third) * sizes.FromRow];
            if (fourth < readable) d = source[read + (row + fourth) * sizes.FromRow];
            tile[at * Stride + lane] = a;
            tile[second * Stride + lane] = b;
            tile[third * Stride + lane] = c;
            tile[fourth * Stride + lane] = d;
        }

        Group.Barrier();
        var write = to.At(place) + (row + lane) * sizes.ToRow;
        var writable = row + lane < sizes.Rows ? sizes.Columns - column : 0;
        for (var at = line; at < Edge; at += lines)
        {
            if (at < writable) destination[write + (column + at) * sizes.ToColumn] = tile[lane * Stride + at];
        }
    }
}
