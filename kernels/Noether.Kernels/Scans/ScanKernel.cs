using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Scans;

/// <summary><c>y[o, i, n] = x[o, 0, n] ⊕ … ⊕ x[o, i, n]</c>: the running reduction along the middle axis of a dense layout.</summary>
/// <typeparam name="TOperation">⊕: <see cref="Sum{T}"/>, <see cref="Product{T}"/>, <see cref="Maximum{T}"/> or <see cref="Minimum{T}"/>.</typeparam>
/// <typeparam name="T">The element.</typeparam>
/// <remarks>
/// Algorithm: Thread: one thread walks one line; for short lines and wide inner axes. Group: one group a line; each thread folds its contiguous chunk,
///            the chunks' totals are scanned in shared memory (Hillis and Steele), then each thread walks its chunk again from its start value.
/// Layout:    x, y [outer, length, inner], dense; y may be x.
/// Limit:     three passes' traffic; a line longer than 2²⁰ would want several groups.
/// Order:     fixed by length and group size: equal bits on every run.
/// Reference: in the tests, the plain loop.
/// </remarks>
public sealed class ScanKernel<TOperation, T>(Accelerator accelerator)
    where TOperation : struct, IReduction<T, T, T>
    where T : unmanaged
{
    private const int ShortLine = 64;

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, long, long, int>> perThread =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, long, long, int>(ThreadKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, long, long, int>> perGroup =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, long, long, int>(GroupKernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the scan.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[outer, length, inner].</param>
    /// <param name="y">As x.</param>
    /// <param name="length">The scanned axis's size.</param>
    /// <param name="inner">The product of the sizes behind it.</param>
    /// <param name="reverse">Runs from the last element to the first.</param>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> y, long length, long inner, bool reverse = false)
    {
        if (y.Length == 0) return;
        var lines = y.Length / length;
        if (length < ShortLine || (inner >= 32 && lines >= 16384))
            perThread.Value(stream, Grids.Over(accelerator, lines), x, y, length, inner, reverse ? 1 : 0);
        else
            perGroup.Value(stream, Grids.GroupEach(accelerator, lines), x, y, length, inner, reverse ? 1 : 0);
    }

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

    private static void GroupKernel(ArrayView<T> x, ArrayView<T> y, long length, long inner, int reverse)
    {
        var totals = SharedMemory.Allocate<T>(2 * Grids.MaxThreads);
        var start = Start(Grid.IdxX, length, inner, reverse);
        var step = reverse != 0 ? -inner : inner;
        var chunk = (length + Group.DimX - 1) / Group.DimX;
        var from = Group.IdxX * chunk;
        var to = from + chunk < length ? from + chunk : length;

        var total = TOperation.Empty;
        if (from < to) total = x[start + from * step];
        for (var i = from + 1; i < to; i++)
            total = TOperation.Join(total, x[start + i * step]);

        // Two rows, read from one and written to the other, so that one barrier a step is enough. Chunks past the end hold rubbish, but
        // lie to the right of every chunk that counts.
        var row = 0;
        totals[Group.IdxX] = total;
        for (var distance = 1; distance < Group.DimX; distance *= 2)
        {
            Group.Barrier();
            var joined = totals[row + Group.IdxX];
            if (Group.IdxX >= distance) joined = TOperation.Join(totals[row + Group.IdxX - distance], joined);
            row = Grids.MaxThreads - row;
            totals[row + Group.IdxX] = joined;
        }

        Group.Barrier();
        if (from < to)
        {
            var running = x[start + from * step];
            if (Group.IdxX > 0) running = TOperation.Join(totals[row + Group.IdxX - 1], running);
            y[start + from * step] = running;
            Walk(x, y, start, step, from + 1, to, running);
        }
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
