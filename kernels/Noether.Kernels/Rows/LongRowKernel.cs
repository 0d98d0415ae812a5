using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The functions of <see cref="RowKernel{V, TJoin}"/> where rows are long and too few to fill the processors with a group each.</summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a row join their parts.</typeparam>
/// <remarks>
/// Algorithm: a group a part of a row: the largest and the sum of powers below it (or the sum that a gradient needs) become a partial; then a group a
///            part again, which joins the row's partials and writes its values. Log-sum-exp has but the joining.
/// Layout:    x, z, y [outer, n, inner]; log-sum-exp's y [outer, inner]; scratch one a part. y may be x or z.
/// Limit:     bandwidth: two reads of x (the first one twice, out of the caches) and one write; rows that fit the second-level cache are read once.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class LongRowKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<PowerSums<V>>, FoldSizes>> powers =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<PowerSums<V>>, FoldSizes>(PowersKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<V>, FoldSizes>> softmax =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<V>, FoldSizes>(SoftmaxKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<V>, FoldSizes>> logSoftmax =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<V>, FoldSizes>(LogSoftmaxKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<PowerSums<V>>, ArrayView<V>, FoldSizes>> logSumExp =
        new(() => accelerator.LoadKernel<ArrayView<PowerSums<V>>, ArrayView<V>, FoldSizes>(LogSumExpKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, FoldSizes>> products =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, FoldSizes>(ProductsKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, FoldSizes>> sums =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, FoldSizes>(SumsKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, FoldSizes>> softmaxGradient =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, FoldSizes>(SoftmaxGradientKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, FoldSizes>> logSoftmaxGradient =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, FoldSizes>(LogSoftmaxGradientKernel, Grids.Specialization(accelerator)));

    /// <summary>How rows are shared out; one part says that they are <see cref="RowKernel{V, TJoin}"/>'s.</summary>
    public FoldSizes Sizes(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, long rows, long n, long inner)
    {
        var packs = Quads.Suit(x) && Quads.Suit(z) && (Quads.Suit(y) || y.Length < x.Length);
        return FoldSizes.Rows(accelerator, rows / inner, n, inner, packs);
    }

    /// <summary>Enqueues y = e^x / Σ e^x; NaN where all are -∞ or one is +∞.</summary>
    public void Softmax(AcceleratorStream stream, ArrayView<V> x, ArrayView<V> y, in FoldSizes sizes, ArrayView<PowerSums<V>> scratch)
    {
        powers.Value(stream, sizes.Config(accelerator), x, scratch, sizes);
        softmax.Value(stream, sizes.Config(accelerator), x, scratch, y, sizes);
    }

    /// <summary>Enqueues y = x - log Σ e^x.</summary>
    public void LogSoftmax(AcceleratorStream stream, ArrayView<V> x, ArrayView<V> y, in FoldSizes sizes, ArrayView<PowerSums<V>> scratch)
    {
        powers.Value(stream, sizes.Config(accelerator), x, scratch, sizes);
        logSoftmax.Value(stream, sizes.Config(accelerator), x, scratch, y, sizes);
    }

    /// <summary>Enqueues y = log Σ e^x, one a row: -∞ of -∞ alone, +∞ if an element is, NaN if one is.</summary>
    public void LogSumExp(AcceleratorStream stream, ArrayView<V> x, ArrayView<V> y, in FoldSizes sizes, ArrayView<PowerSums<V>> scratch)
    {
        powers.Value(stream, sizes.Config(accelerator), x, scratch, sizes);
        var rest = sizes.Rest(accelerator);
        logSumExp.Value(stream, rest.Config(accelerator), scratch, y, rest);
    }

    /// <summary>Enqueues dx = y·(g - Σ g·y).</summary>
    public void SoftmaxGradient(AcceleratorStream stream, ArrayView<V> y, ArrayView<V> g, ArrayView<V> dx, in FoldSizes sizes, ArrayView<V> scratch)
    {
        products.Value(stream, sizes.Config(accelerator), y, g, scratch, sizes);
        softmaxGradient.Value(stream, sizes.Config(accelerator), y, g, scratch, dx, sizes);
    }

    /// <summary>Enqueues dx = g - e^y·Σ g.</summary>
    public void LogSoftmaxGradient(AcceleratorStream stream, ArrayView<V> y, ArrayView<V> g, ArrayView<V> dx, in FoldSizes sizes, ArrayView<V> scratch)
    {
        sums.Value(stream, sizes.Config(accelerator), g, scratch, sizes);
        logSoftmaxGradient.Value(stream, sizes.Config(accelerator), y, g, scratch, dx, sizes);
    }

    private static void PowersKernel(ArrayView<V> x, ArrayView<PowerSums<V>> partials, FoldSizes sizes)
    {
        var partial = LongRowPasses<V, TJoin>.Powers(x, FoldPart.Here(sizes), sizes);
        var here = FoldPart.Here(sizes); // found again, not kept: registers
        if (here.Writes != 0) partials[here.Partial] = partial;
    }

    private static void SoftmaxKernel(ArrayView<V> x, ArrayView<PowerSums<V>> partials, ArrayView<V> y, FoldSizes sizes)
    {
        var row = LongRowPasses<V, TJoin>.Joined<PowerSumsJoin<V>, PowerSums<V>>(partials, FoldPart.Here(sizes), sizes);
        RowPasses<V, TJoin>.Map<ScaledPowerBelow<V>>(x, x, y, FoldPart.Here(sizes), sizes, row.Top, V.Constant(1) / row.Sum);
    }

    private static void LogSoftmaxKernel(ArrayView<V> x, ArrayView<PowerSums<V>> partials, ArrayView<V> y, FoldSizes sizes)
    {
        var row = LongRowPasses<V, TJoin>.Joined<PowerSumsJoin<V>, PowerSums<V>>(partials, FoldPart.Here(sizes), sizes);
        RowPasses<V, TJoin>.Map<LogOfShare<V>>(x, x, y, FoldPart.Here(sizes), sizes, row.Top, Elementary.Log(row.Sum));
    }

    private static void LogSumExpKernel(ArrayView<PowerSums<V>> partials, ArrayView<V> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var row = Folding<PartialFold<PowerSumsJoin<V>, PowerSums<V>>, PowerSums<V>, TJoin, OneRun>.Run(new() { X = partials }, here, sizes, default);
        if (here.Writes != 0) y[here.Line] = LongRowPasses<V, TJoin>.Log(row) + RowPasses<V, TJoin>.Shift(row.Top);
    }

    private static void ProductsKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> partials, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var sum = RowPasses<V, TJoin>.Sum<Times<V>>(x, z, here, sizes, V.Constant(0));
        if (here.Writes != 0) partials[here.Partial] = sum;
    }

    private static void SumsKernel(ArrayView<V> z, ArrayView<V> partials, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var sum = RowPasses<V, TJoin>.Sum<Itself<V>>(z, z, here, sizes, V.Constant(0));
        if (here.Writes != 0) partials[here.Partial] = sum;
    }

    private static void SoftmaxGradientKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> partials, ArrayView<V> y, FoldSizes sizes)
    {
        var sum = LongRowPasses<V, TJoin>.Joined<LaneSum<V>, V>(partials, FoldPart.Here(sizes), sizes);
        RowPasses<V, TJoin>.Map<TimesDistance<V>>(x, z, y, FoldPart.Here(sizes), sizes, sum, sum);
    }

    private static void LogSoftmaxGradientKernel(ArrayView<V> x, ArrayView<V> z, ArrayView<V> partials, ArrayView<V> y, FoldSizes sizes)
    {
        var sum = LongRowPasses<V, TJoin>.Joined<LaneSum<V>, V>(partials, FoldPart.Here(sizes), sizes);
        RowPasses<V, TJoin>.Map<LessPower<V>>(x, z, y, FoldPart.Here(sizes), sizes, sum, sum);
    }
}
