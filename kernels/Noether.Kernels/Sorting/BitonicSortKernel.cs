using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Sorting;

/// <summary>The stable order of each row of up to 2048 elements.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TKey">Its keys.</typeparam>
/// <remarks>
/// Algorithm: a bitonic network (Batcher 1968) over pairs of key and index in shared memory; pairs are never equal, so the order is stable. A row is filled up to
///            a power of two with pairs that go last; a group takes one row, or as many short ones as give each of its threads a comparison.
/// Layout:    x [rows, columns], y [rows, columns]; shared memory: 2048 pairs of 12 bytes.
/// Limit:     shared memory: log² columns / 2 passes; one read and one write of global memory.
/// Reference: in the tests, a stable sort by LINQ.
/// </remarks>
internal sealed class BitonicSortKernel<T, TKey>(Accelerator accelerator)
    where T : unmanaged
    where TKey : struct, ISortKey<T>
{
    /// <summary>The longest row.</summary>
    public const int MostColumns = 2048;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, int, int, int, ulong> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, int, int, int, ulong>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues the sort.</summary>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> y, int columns, bool descending)
    {
        var padded = 1;
        while (padded < columns) padded *= 2;
        var rows = y.Length / columns;
        var together = Math.Max(1, 2 * Grids.Threads(accelerator) / padded);
        launch(stream, Grids.GroupEach(accelerator, (rows + together - 1) / together), x, y, columns, padded, together, descending ? ulong.MaxValue : 0);
    }

    private static void Kernel(ArrayView<T> x, ArrayView<int> y, int columns, int padded, int together, ulong turned)
    {
        var keys = SharedMemory.Allocate<ulong>(MostColumns);
        var indices = SharedMemory.Allocate<int>(MostColumns);
        var count = padded * together;
        var start = (long)Grid.IdxX * together * columns;
        for (var i = Group.IdxX; i < count; i += Group.DimX)
        {
            var column = i & (padded - 1);
            var place = start + i / padded * columns + column;
            var key = ulong.MaxValue;
            if (column < columns && place < x.Length) key = TKey.Of(x[place]) ^ turned;
            keys[i] = key;
            indices[i] = column;
        }

        for (var size = 2; size <= padded; size *= 2)
        {
            for (var distance = size / 2; distance > 0; distance /= 2)
            {
                Group.Barrier();
                for (var i = Group.IdxX; i < count / 2; i += Group.DimX)
                {
                    var lower = 2 * i - (i & (distance - 1));
                    var upper = lower + distance;
                    ulong a = keys[lower], b = keys[upper];
                    int p = indices[lower], q = indices[upper];
                    var isUp = (lower & (padded - 1) & size) == 0;
                    var isAfter = a > b || (a == b && p > q);
                    if (isAfter == isUp)
                    {
                        keys[lower] = b;
                        keys[upper] = a;
                        indices[lower] = q;
                        indices[upper] = p;
                    }
                }
            }
        }

        Group.Barrier();
        for (var i = Group.IdxX; i < count; i += Group.DimX)
        {
            var column = i & (padded - 1);
            var place = start + i / padded * columns + column;
            if (column < columns && place < y.Length) y[place] = indices[i];
        }
    }
}
