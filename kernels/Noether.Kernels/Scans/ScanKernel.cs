using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Scans;

/// <summary><c>y[o, i, n] = x[o, 0, n] ⊕ … ⊕ x[o, i, n]</c>: the running reduction along the middle axis of a dense layout.</summary>
/// <typeparam name="TOperation">⊕: <see cref="Sum{T}"/>, <see cref="Product{T}"/>, <see cref="Maximum{T}"/> or <see cref="Minimum{T}"/>.</typeparam>
/// <typeparam name="T">The element.</typeparam>
/// <remarks>
/// Algorithm: Thread: one thread walks one line; for short lines and wide inner axes. Group: one group a part of a line; each thread folds its contiguous
///            chunk, the chunks' totals are scanned in shared memory (Hillis and Steele), then each thread walks its chunk again from its start value. Long
///            lines, where there are few, have several parts, in three steps: the parts' totals, their running totals, the parts from these.
/// Layout:    x, y [outer, length, inner], dense; y may be x; totals [lines, parts].
/// Limit:     three passes' traffic, of which the second within a group is out of the first-level cache.
/// Order:     fixed by length, number of lines and group size: equal bits on every run.
/// Reference: in the tests, the plain loop.
/// </remarks>
public sealed class ScanKernel<TOperation, T>(Accelerator accelerator)
    where TOperation : struct, IReduction<T, T, T>
    where T : unmanaged
{
    private const int ShortLine = 64;

    // Lines that keep a large device busy by themselves.
    private const int ManyLines = 1024;

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, long, long, int>> perThread =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, long, long, int>(ThreadKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ScanSizes>> perGroup =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ScanSizes>(GroupKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ScanSizes>> totals =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ScanSizes>(TotalKernel, Grids.Specialization(accelerator)));

    /// <summary>Elements of a part: a line of the cache, 128 bytes of float32, a thread; less in tests.</summary>
    internal int PartLength { get; init; } = 32 * Grids.MaxThreads;

    /// <summary>Elements of scratch that a launch needs.</summary>
    public long Scratch(long elements, long length, long inner) =>
        elements > 0 && !IsPerThread(elements / length, length, inner) && Parts(elements / length, length) is > 1 and var parts ? elements / length * parts : 0;

    /// <summary>Enqueues the scan.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[outer, length, inner].</param>
    /// <param name="y">As x.</param>
    /// <param name="length">The scanned axis's size.</param>
    /// <param name="inner">The product of the sizes behind it.</param>
    /// <param name="scratch">At least <see cref="Scratch"/> elements, private to this call until the stream has passed it; any view if that is 0.</param>
    /// <param name="reverse">Runs from the last element to the first.</param>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> y, long length, long inner, ArrayView<T> scratch, bool reverse = false)
    {
        if (y.Length == 0) return;
        var lines = y.Length / length;
        if (IsPerThread(lines, length, inner))
        {
            perThread.Value(stream, Grids.Over(accelerator, lines), x, y, length, inner, reverse ? 1 : 0);
            return;
        }

        var parts = Parts(lines, length);
        var sizes = new ScanSizes { Length = length, Inner = inner, PartLength = parts == 1 ? length : PartLength, Parts = parts, Reverse = reverse ? 1 : 0 };
        var grid = Grids.GroupEach(accelerator, lines * parts);
        if (parts > 1)
        {
            totals.Value(stream, grid, x, scratch, sizes);
            var ofParts = new ScanSizes { Length = parts, Inner = 1, PartLength = parts, Parts = 1 };
            perGroup.Value(stream, Grids.GroupEach(accelerator, lines), scratch, scratch, scratch, ofParts);
        }

        perGroup.Value(stream, grid, x, y, scratch, sizes);
    }

    private static bool IsPerThread(long lines, long length, long inner) => length < ShortLine || (inner >= 32 && lines >= 16384);

    private int Parts(long lines, long length) => lines >= ManyLines || length < 2 * PartLength ? 1 : (int)((length + PartLength - 1) / PartLength);

    private static void ThreadKernel(ArrayView<T> x, ArrayView<T> y, long length, long inner, int reverse)
    {
        var line = Grids.Thread;
        if (line * length >= y.Length) return;
        var start = Start(line, length, inner, reverse);
        var step = reverse != 0 ? -inner : inner;
        var total = x[start];
        y[start] = total;
        Walk(x, y, start, step, 1, length, total);
    }

    private static void TotalKernel(ArrayView<T> x, ArrayView<T> totals, ScanSizes sizes)
    {
        var shared = SharedMemory.Allocate<T>(2 * Grids.MaxThreads);
        var part = Part(sizes);
        var row = ScanChunks(shared, x, part);
        // Chunks behind the last that has elements hold rubbish.
        if (Group.IdxX == (part.End - part.Begin - 1) / part.Chunk) totals[Grid.IdxX] = shared[row + Group.IdxX];
    }

    private static void GroupKernel(ArrayView<T> x, ArrayView<T> y, ArrayView<T> totals, ScanSizes sizes)
    {
        var shared = SharedMemory.Allocate<T>(2 * Grids.MaxThreads);
        var part = Part(sizes);
        var row = ScanChunks(shared, x, part);
        if (part.From >= part.To) return;
        var running = x[part.Start + part.From * part.Step];
        if (Group.IdxX > 0) running = TOperation.Join(shared[row + Group.IdxX - 1], running);
        if (part.Begin > 0) running = TOperation.Join(totals[Grid.IdxX - 1], running);
        y[part.Start + part.From * part.Step] = running;
        Walk(x, y, part.Start, part.Step, part.From + 1, part.To, running);
    }

    // The chunk of the calling thread in the part of its group.
    private static ScanPart Part(ScanSizes sizes)
    {
        var line = Grid.IdxX / sizes.Parts;
        var begin = (Grid.IdxX - line * sizes.Parts) * sizes.PartLength;
        var end = begin + sizes.PartLength < sizes.Length ? begin + sizes.PartLength : sizes.Length;
        var chunk = (end - begin + Group.DimX - 1) / Group.DimX;
        var from = begin + Group.IdxX * chunk;
        return new()
        {
            Start = Start(line, sizes.Length, sizes.Inner, sizes.Reverse),
            Step = sizes.Reverse != 0 ? -sizes.Inner : sizes.Inner,
            Begin = begin,
            End = end,
            Chunk = chunk,
            From = from,
            To = from + chunk < end ? from + chunk : end,
        };
    }

    // Leaves the running totals of the threads' chunks in one of two rows, and returns where it begins. Two, read from one and written to the other,
    // so that one barrier a step is enough. Chunks past the end hold rubbish, but lie to the right of every chunk that counts.
    private static int ScanChunks(ArrayView<T> shared, ArrayView<T> x, ScanPart part)
    {
        var total = TOperation.Empty;
        if (part.From < part.To) total = x[part.Start + part.From * part.Step];
        for (var i = part.From + 1; i < part.To; i++)
            total = TOperation.Join(total, x[part.Start + i * part.Step]);

        var row = 0;
        shared[Group.IdxX] = total;
        for (var distance = 1; distance < Group.DimX; distance *= 2)
        {
            Group.Barrier();
            var joined = shared[row + Group.IdxX];
            if (Group.IdxX >= distance) joined = TOperation.Join(shared[row + Group.IdxX - distance], joined);
            row = Grids.MaxThreads - row;
            shared[row + Group.IdxX] = joined;
        }

        Group.Barrier();
        return row;
    }

    private static long Start(long line, long length, long inner, int reverse)
    {
        var outer = inner == 1 ? line : line / inner;
        var first = outer * length * inner + (line - outer * inner);
        return reverse != 0 ? first + (length - 1) * inner : first;
    }

    private static void Walk(ArrayView<T> x, ArrayView<T> y, long start, long step, long from, long to, T running)
    {
        for (var i = from; i < to; i++)
        {
            running = TOperation.Join(running, x[start + i * step]);
            y[start + i * step] = running;
        }
    }
}
