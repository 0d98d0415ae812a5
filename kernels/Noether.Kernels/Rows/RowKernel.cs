using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>Softmax, log-softmax, their gradients, and log-sum-exp, along the middle axis of a dense [outer, n, inner] layout.</summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a row join their parts.</typeparam>
/// <remarks>
/// Algorithm: the largest, then the sum of powers below it, then the result: a pass each, the later ones out of the caches. Threads a row: a
///            warp or less up to 1024 elements, a group for longer ones, one where inner axes lie behind, so that neighbours read neighbours.
/// Layout:    x, z, y [outer, n, inner]; log-sum-exp's y [outer, inner]. y may be x or z.
/// Limit:     bandwidth: one read of each operand and one write; two exponentials an element in softmax, some 15 operations each.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class RowKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private const int LongRow = 1024; // from here on a group has work for all its threads
    private const int ManyRows = 16384; // threads that fill any GPU of today

    private readonly Lazy<Launcher> softmax = new(() => Load(accelerator, SoftmaxKernel));
    private readonly Lazy<Launcher> softmaxGradient = new(() => Load(accelerator, SoftmaxGradientKernel));
    private readonly Lazy<Launcher> logSoftmax = new(() => Load(accelerator, LogSoftmaxKernel));
    private readonly Lazy<Launcher> logSoftmaxGradient = new(() => Load(accelerator, LogSoftmaxGradientKernel));
    private readonly Lazy<Launcher> logSumExp = new(() => Load(accelerator, LogSumExpKernel));

    private delegate void Launcher(AcceleratorStream stream, KernelConfig config, ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner, int lanes);

    /// <summary>Enqueues y = e^x / Σ e^x; NaN where all are -∞ or one is +∞.</summary>
    public void Softmax(AcceleratorStream stream, ArrayView<V> x, ArrayView<V> y, long rows, long n, long inner) =>
        Launch(softmax, stream, x, x, y, rows, n, inner);

    /// <summary>Enqueues dx = y·(g - Σ g·y).</summary>
    public void SoftmaxGradient(AcceleratorStream stream, ArrayView<V> y, ArrayView<V> g, ArrayView<V> dx, long rows, long n, long inner) =>
        Launch(softmaxGradient, stream, y, g, dx, rows, n, inner);

    /// <summary>Enqueues y = x - log Σ e^x.</summary>
    public void LogSoftmax(AcceleratorStream stream, ArrayView<V> x, ArrayView<V> y, long rows, long n, long inner) =>
        Launch(logSoftmax, stream, x, x, y, rows, n, inner);

    /// <summary>Enqueues dx = g - e^y·Σ g.</summary>
    public void LogSoftmaxGradient(AcceleratorStream stream, ArrayView<V> y, ArrayView<V> g, ArrayView<V> dx, long rows, long n, long inner) =>
        Launch(logSoftmaxGradient, stream, y, g, dx, rows, n, inner);

    /// <summary>Enqueues y = log Σ e^x, one a row: -∞ of nothing or of -∞ alone, +∞ if an element is, NaN if one is.</summary>
    public void LogSumExp(AcceleratorStream stream, ArrayView<V> x, ArrayView<V> y, long rows, long n, long inner) =>
        Launch(logSumExp, stream, x, x, y, rows, n, inner);

    private static Launcher Load(Accelerator accelerator, Action<ArrayView<V>, ArrayView<V>, ArrayView<V>, long, long, long, int> kernel)
    {
        var loaded = accelerator.LoadKernel(kernel, Grids.Specialization(accelerator));
        return new(loaded);
    }

    private void Launch(Lazy<Launcher> launcher, AcceleratorStream stream, ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner)
    {
        if (y.Length == 0) return;
        var lanes = Lanes(rows, n, inner);
        var each = Grids.Threads(accelerator) / lanes;
        launcher.Value(stream, Grids.GroupEach(accelerator, (rows + each - 1) / each), x, z, y, rows, n, inner, lanes);
    }

    private int Lanes(long rows, long n, long inner)
    {
        if (inner >= 32 && (rows >= ManyRows || n <= 32)) return 1;
        var threads = Grids.Threads(accelerator);
        if (n > LongRow) return threads;
        var lanes = Math.Min(accelerator.WarpSize, threads);
        while (lanes > 1 && lanes / 2 >= n) lanes /= 2;
        return lanes;
    }

    private static void SoftmaxKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner, int lanes)
    {
        var part = RowPart.Here(rows, n, inner, lanes);
        var top = Top(x, part, lanes);
        var scale = V.Constant(1) / Powers(x, part, lanes, top);
        for (var i = part.From; i < part.To; i += part.Step)
            y[i] = Elementary.ExpOfNonPositive(x[i] - top) * scale;
    }

    private static void SoftmaxGradientKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner, int lanes)
    {
        var part = RowPart.Here(rows, n, inner, lanes);
        var sum = V.Constant(0);
        for (var i = part.From; i < part.To; i += part.Step)
            sum += x[i] * z[i];
        sum = TJoin.Join<RowSum<V>, V>(sum, 1, lanes, lanes);
        for (var i = part.From; i < part.To; i += part.Step)
            y[i] = x[i] * (z[i] - sum);
    }

    // The largest is taken off first and the logarithm second: both differences lose no more than their rounding.
    private static void LogSoftmaxKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner, int lanes)
    {
        var part = RowPart.Here(rows, n, inner, lanes);
        var top = Top(x, part, lanes);
        var log = Elementary.Log(Powers(x, part, lanes, top));
        for (var i = part.From; i < part.To; i += part.Step)
            y[i] = x[i] - top - log;
    }

    private static void LogSoftmaxGradientKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner, int lanes)
    {
        var part = RowPart.Here(rows, n, inner, lanes);
        var sum = V.Constant(0);
        for (var i = part.From; i < part.To; i += part.Step)
            sum += z[i];
        sum = TJoin.Join<RowSum<V>, V>(sum, 1, lanes, lanes);
        for (var i = part.From; i < part.To; i += part.Step)
            y[i] = z[i] - Elementary.Exp(x[i]) * sum;
    }

    private static void LogSumExpKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner, int lanes)
    {
        var part = RowPart.Here(rows, n, inner, lanes);
        var top = Top(x, part, lanes);
        var infinity = V.Constant(double.PositiveInfinity);
        var shift = V.Select(V.Less(V.Abs(top), infinity), top, V.Constant(0));
        var log = Elementary.Log(Powers(x, part, lanes, shift)) + shift;
        if (part.Writes != 0) y[part.Row] = V.Select(V.Equal(top, infinity), infinity, log);
    }

    private static V Top(ArrayView<V> x, RowPart part, int lanes)
    {
        var top = V.Constant(double.NegativeInfinity);
        for (var i = part.From; i < part.To; i += part.Step)
            top = V.Max(top, x[i]);
        return TJoin.Join<RowTop<V>, V>(top, 1, lanes, lanes);
    }

    private static V Powers(ArrayView<V> x, RowPart part, int lanes, V shift)
    {
        var sum = V.Constant(0);
        for (var i = part.From; i < part.To; i += part.Step)
            sum += Elementary.ExpOfNonPositive(x[i] - shift);
        return TJoin.Join<RowSum<V>, V>(sum, 1, lanes, lanes);
    }
}
