using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>Softmax, log-softmax, their gradients, and log-sum-exp, along the middle axis of a dense [outer, n, inner] layout.</summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a row join their parts.</typeparam>
/// <remarks>
/// Algorithm: the largest, then the sum of powers below it, then the result: a pass each, the later ones out of the caches. Threads a row and rows a
///            group as <see cref="FoldSizes"/> says: quads along rows, stripes of neighbours where inner axes lie behind.
/// Layout:    x, z, y [outer, n, inner]; log-sum-exp's y [outer, inner]. y may be x or z.
/// Limit:     bandwidth: one read of each operand and one write; two exponentials an element in softmax, some 15 operations each.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class RowKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Launcher> softmax = new(() => Load(accelerator, SoftmaxKernel));
    private readonly Lazy<Launcher> softmaxGradient = new(() => Load(accelerator, SoftmaxGradientKernel));
    private readonly Lazy<Launcher> logSoftmax = new(() => Load(accelerator, LogSoftmaxKernel));
    private readonly Lazy<Launcher> logSoftmaxGradient = new(() => Load(accelerator, LogSoftmaxGradientKernel));
    private readonly Lazy<Launcher> logSumExp = new(() => Load(accelerator, LogSumExpKernel));

    private delegate void Launcher(AcceleratorStream stream, KernelConfig config, ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, FoldSizes sizes);

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

    private static Launcher Load(Accelerator accelerator, Action<ArrayView<V>, ArrayView<V>, ArrayView<V>, FoldSizes> kernel)
    {
        var loaded = accelerator.LoadKernel(kernel, Grids.Specialization(accelerator));
        return new(loaded);
    }

    private void Launch(Lazy<Launcher> launcher, AcceleratorStream stream, ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner)
    {
        if (y.Length == 0) return;
        var packs = Quads.Suit(x) && Quads.Suit(z) && (Quads.Suit(y) || y.Length < x.Length);
        var sizes = FoldSizes.Middle(accelerator, rows / inner, n, inner, packs, cuts: false);
        launcher.Value(stream, sizes.Config(accelerator), x, z, y, sizes);
    }

    private static void SoftmaxKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var top = RowPasses<V, TJoin>.Top(x, here, sizes);
        var scale = V.Constant(1) / RowPasses<V, TJoin>.Sum<PowerBelow<V>>(x, x, here, sizes, top);
        RowPasses<V, TJoin>.Map<ScaledPowerBelow<V>>(x, x, y, here, sizes, top, scale);
    }

    private static void SoftmaxGradientKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var sum = RowPasses<V, TJoin>.Sum<Times<V>>(x, z, here, sizes, V.Constant(0));
        RowPasses<V, TJoin>.Map<TimesDistance<V>>(x, z, y, here, sizes, sum, sum);
    }

    private static void LogSoftmaxKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var top = RowPasses<V, TJoin>.Top(x, here, sizes);
        var log = Elementary.Log(RowPasses<V, TJoin>.Sum<PowerBelow<V>>(x, x, here, sizes, top));
        RowPasses<V, TJoin>.Map<LogOfShare<V>>(x, x, y, here, sizes, top, log);
    }

    private static void LogSoftmaxGradientKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var sum = RowPasses<V, TJoin>.Sum<Itself<V>>(z, z, here, sizes, V.Constant(0));
        RowPasses<V, TJoin>.Map<LessPower<V>>(x, z, y, here, sizes, sum, sum);
    }

    private static void LogSumExpKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var top = RowPasses<V, TJoin>.Top(x, here, sizes);
        var shift = RowPasses<V, TJoin>.Shift(top);
        var log = RowPasses<V, TJoin>.LogOfPowers(x, here, sizes, top, shift);
        if (here.Writes != 0) y[here.Line] = log + shift;
    }
}
