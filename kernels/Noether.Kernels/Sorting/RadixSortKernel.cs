using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Reductions;
using Noether.Kernels.Scans;

namespace Noether.Kernels.Sorting;

/// <summary>The stable order of each row, of any length.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TKey">Its keys.</typeparam>
/// <remarks>
/// Algorithm: a radix sort from the lowest digit of 8 bits upwards; a pass is three steps. Count: a group a tile of a row, how often each digit is in it, four digits compared at a time.
///            Scan: running sums of the counts, digit by digit and tile by tile within. Move: a group sorts its tile by the digit in shared memory, two bits
///            at a time by packed running counts (Satish, Harris and Garland 2009), and writes runs of equal digits to where their sums say.
/// Layout:    x [rows, columns]; two buffers of indices in turn, the first of which is not read; counts [rows, 256, tiles].
/// Limit:     bandwidth: a pass gathers each key twice and moves each index twice; 4 passes for 32 bits.
/// Order:     a tile's sort keeps the order of equals, and so does the scan: stable. Counts are integers: equal bits on every run.
/// Reference: in the tests, a stable sort by LINQ.
/// </remarks>
internal sealed class RadixSortKernel<T, TKey>(Accelerator accelerator)
    where T : unmanaged
    where TKey : struct, ISortKey<T>
{
    private const int Digits = 256;
    private const int Each = 4; // a thread's elements
    private const int MostItems = Each * Grids.MaxThreads;

    private readonly int tile = Each * Grids.Threads(accelerator);
    private readonly ScanKernel<Sum<int>, int> scan = new(accelerator);

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, ArrayView<int>, RadixSortPass>> count =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, ArrayView<int>, RadixSortPass>(CountKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, ArrayView<int>, ArrayView<int>, RadixSortPass>> move =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, ArrayView<int>, ArrayView<int>, RadixSortPass>(MoveKernel, Grids.Specialization(accelerator)));

    /// <summary>int32 of scratch.</summary>
    public long Scratch(long elements, int columns)
    {
        var counts = elements / columns * Digits * Tiles(columns);
        return elements + counts + scan.Scratch(counts, Digits * Tiles(columns), 1);
    }

    /// <summary>Enqueues the sort.</summary>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> y, ArrayView<int> scratch, int columns, bool descending)
    {
        var (rows, tiles) = (y.Length / columns, Tiles(columns));
        var other = scratch.SubView(0, y.Length);
        var counts = scratch.SubView(y.Length, rows * Digits * tiles);
        var partial = scan.Scratch(counts.Length, Digits * tiles, 1);
        var partials = partial == 0 ? counts : scratch.SubView(y.Length + counts.Length, partial);
        var (from, to) = TKey.Bytes % 2 == 0 ? (y, other) : (other, y); // the last pass must end in y
        var grid = Grids.GroupEach(accelerator, rows * tiles);
        for (var digit = 0; digit < TKey.Bytes; digit++)
        {
            var pass = new RadixSortPass { Turned = descending ? ulong.MaxValue : 0, Columns = columns, Tiles = (int)tiles, Shift = 8 * digit, IsFirst = digit == 0 ? 1 : 0 };
            count.Value(stream, grid, x, from, counts, pass);
            scan.Launch(stream, counts, counts, Digits * tiles, 1, partials);
            move.Value(stream, grid, x, from, to, counts, pass);
            (from, to) = (to, from);
        }
    }

    private static void CountKernel(ArrayView<T> x, ArrayView<int> from, ArrayView<int> counts, RadixSortPass pass)
    {
        var words = SharedMemory.Allocate<uint>(Grids.MaxThreads); // a thread's digits, a byte each
        var (row, tile) = (Grid.IdxX / pass.Tiles, Grid.IdxX % pass.Tiles);
        var start = (long)row * pass.Columns;
        var first = tile * Each * Group.DimX;
        var mine = 0u;
        for (var i = 0; i < Each; i++)
        {
            var place = first + i * Group.DimX + Group.IdxX;
            var digit = Digits - 1u; // past the end: taken off again
            if (place < pass.Columns) digit = (uint)(Item(x, from, start, place, pass) >> 32);
            mine |= digit << (8 * i);
        }

        words[Group.IdxX] = mine;
        Group.Barrier();
        for (var digit = Group.IdxX; digit < Digits; digit += Group.DimX)
        {
            // Each thread looks for its own digits: atomic additions in shared memory are not everywhere.
            var wanted = (uint)digit * 0x0101_0101u;
            var found = 0u;
            for (var word = 0; word < Group.DimX; word++)
            {
                var difference = words[word] ^ wanted;
                var others = ((difference & 0x7F7F_7F7Fu) + 0x7F7F_7F7Fu) | difference; // the top bits of bytes that differ
                found += (((~others >> 7) & 0x0101_0101u) * 0x0101_0101u) >> 24;
            }

            var beyond = first + Each * Group.DimX - pass.Columns;
            if (digit == Digits - 1 && beyond > 0) found -= (uint)beyond;
            counts[((long)row * Digits + digit) * pass.Tiles + tile] = (int)found;
        }
    }

    private static void MoveKernel(ArrayView<T> x, ArrayView<int> from, ArrayView<int> to, ArrayView<int> counts, RadixSortPass pass)
    {
        var items = SharedMemory.Allocate<ulong>(2 * MostItems); // digit and index, in two buffers in turn
        var sums = SharedMemory.Allocate<ulong>(2 * Grids.MaxThreads);
        var starts = SharedMemory.Allocate<int>(Digits);
        var (row, tile) = (Grid.IdxX / pass.Tiles, Grid.IdxX % pass.Tiles);
        var start = (long)row * pass.Columns;
        var first = tile * Each * Group.DimX;
        for (var i = 0; i < Each; i++)
        {
            var at = i * Group.DimX + Group.IdxX;
            var item = (ulong)(Digits - 1) << 32; // past the end: after all that have the last digit
            if (first + at < pass.Columns) item = Item(x, from, start, first + at, pass);
            items[at] = item;
        }

        var buffer = 0;
        for (var bit = 32; bit < 40; bit += 2)
        {
            Group.Barrier();
            var mine = 0ul; // four counts of 16 bits
            for (var i = 0; i < Each; i++) mine += One(items[buffer + Each * Group.IdxX + i], bit);
            var running = Before(sums, mine);
            var other = MostItems - buffer;
            for (var i = 0; i < Each; i++)
            {
                var item = items[buffer + Each * Group.IdxX + i];
                var field = Field(item, bit);
                items[other + (int)((running >> field) & 0xFFFF)] = item;
                running += 1ul << field;
            }

            buffer = other;
        }

        Group.Barrier();
        for (var i = 0; i < Each; i++)
        {
            var at = i * Group.DimX + Group.IdxX;
            var digit = (int)(items[buffer + at] >> 32);
            var previous = at == 0 ? -1 : (int)(items[buffer + at - 1] >> 32);
            if (digit != previous) starts[digit] = at;
        }

        Group.Barrier();
        for (var i = 0; i < Each; i++)
        {
            var at = i * Group.DimX + Group.IdxX;
            var item = items[buffer + at];
            var digit = (int)(item >> 32);
            var entry = digit * (long)pass.Tiles + tile;
            var before = 0;
            if (entry > 0) before = counts[(long)row * Digits * pass.Tiles + entry - 1];
            if (first + at < pass.Columns) to[start + before + at - starts[digit]] = (int)item;
        }
    }

    // Where the calling thread's first element of each of the four values goes, packed: the group's smaller values, then equals of earlier threads.
    private static ulong Before(ArrayView<ulong> sums, ulong mine)
    {
        var row = 0;
        sums[Group.IdxX] = mine;
        for (var distance = 1; distance < Group.DimX; distance *= 2)
        {
            Group.Barrier();
            var sum = sums[row + Group.IdxX];
            if (Group.IdxX >= distance) sum += sums[row + Group.IdxX - distance];
            row = Grids.MaxThreads - row;
            sums[row + Group.IdxX] = sum;
        }

        Group.Barrier();
        var total = sums[row + Group.DimX - 1];
        return sums[row + Group.IdxX] - mine + (total << 16) + (total << 32) + (total << 48);
    }

    private static ulong One(ulong item, int bit) => 1ul << Field(item, bit);

    private static int Field(ulong item, int bit) => (int)((item >> bit) & 3) * 16;

    // A row's element in the order so far: its digit and its index.
    private static ulong Item(ArrayView<T> x, ArrayView<int> from, long start, int place, RadixSortPass pass)
    {
        var index = place;
        if (pass.IsFirst == 0) index = from[start + place];
        var key = TKey.Of(x[start + index]) ^ pass.Turned;
        return (((key >> pass.Shift) & (Digits - 1)) << 32) | (uint)index;
    }

    private long Tiles(int columns) => (columns + (long)tile - 1) / tile;
}
