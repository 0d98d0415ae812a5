using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>
/// The gradients of a normalisation's weight and bias, dw = Σ g·x̂ and db = Σ g with x̂ = (x - mean)·r: down the columns of [rows, n] with a mean and
/// an r of each row (layer normalisation), or over the channels of [images, channels, size] with those of each channel (batch normalisation).
/// </summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a column or channel join their parts.</typeparam>
/// <remarks>
/// Algorithm: both sums in one pass, columns in stripes and channels by their runs (<see cref="FoldSizes"/>), in parts; a second kernel folds those.
/// Layout:    x, g dense; means and scales or variances one a row or channel; dw, db one a column or channel; scratch one a part.
/// Limit:     bandwidth: one read of x and of g.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class GradientSumsKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, FoldSizes>> columns =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, FoldSizes>(
            ColumnsKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, double, FoldSizes>> channels =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, double, FoldSizes>(
            ChannelsKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<GradientSums<V>>, ArrayView<V>, ArrayView<V>, FoldSizes>> join =
        new(() => accelerator.LoadKernel<ArrayView<GradientSums<V>>, ArrayView<V>, ArrayView<V>, FoldSizes>(JoinKernel, Grids.Specialization(accelerator)));

    /// <summary>How the kernels share out the columns of [rows, n]; they need all its partials.</summary>
    public FoldSizes Columns(ArrayView<V> x, ArrayView<V> g, ArrayView<V> means, ArrayView<V> scales, long rows, long n) =>
        FoldSizes.Middle(accelerator, 1, rows, n, Quads.Suit(x) && Quads.Suit(g) && Quads.Suit(means) && Quads.Suit(scales));

    /// <summary>How the kernels share out the channels of [images, channels, size]; they need all its partials.</summary>
    public FoldSizes Channels(ArrayView<V> x, ArrayView<V> g, long images, long channels, long size) =>
        FoldSizes.Channels(accelerator, images, channels, size, Quads.Suit(x) && Quads.Suit(g));

    /// <summary>Enqueues dw and db of a layer normalisation.</summary>
    public void LaunchColumns(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> g, ArrayView<V> means, ArrayView<V> scales, ArrayView<V> dw, ArrayView<V> db, in FoldSizes sizes,
        ArrayView<GradientSums<V>> scratch)
    {
        if (dw.Length == 0) return;
        columns.Value(stream, sizes.Config(accelerator), x, g, means, scales, scratch, sizes);
        Join(stream, scratch, dw, db, sizes);
    }

    /// <summary>Enqueues dw and db of a batch normalisation.</summary>
    public void LaunchChannels(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> g, ArrayView<V> means, ArrayView<V> variances, double epsilon, ArrayView<V> dw, ArrayView<V> db,
        in FoldSizes sizes, ArrayView<GradientSums<V>> scratch)
    {
        if (dw.Length == 0) return;
        channels.Value(stream, sizes.Config(accelerator), x, g, means, variances, scratch, epsilon, sizes);
        Join(stream, scratch, dw, db, sizes);
    }

    private void Join(AcceleratorStream stream, ArrayView<GradientSums<V>> scratch, ArrayView<V> dw, ArrayView<V> db, in FoldSizes sizes)
    {
        var rest = sizes.Rest(accelerator);
        join.Value(stream, rest.Config(accelerator), scratch, dw, db, rest);
    }

    private static void ColumnsKernel(
        ArrayView<V> x, ArrayView<V> g, ArrayView<V> means, ArrayView<V> scales, ArrayView<GradientSums<V>> partials, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var fold = new ColumnGradientFold<V> { X = x, G = g, Means = means, Scales = scales };
        var sums = Folding<ColumnGradientFold<V>, GradientSums<V>, TJoin, OneRun>.Run(fold, here, sizes, default);
        if (here.Writes != 0) partials[here.Partial] = sums;
    }

    private static void ChannelsKernel(
        ArrayView<V> x, ArrayView<V> g, ArrayView<V> means, ArrayView<V> variances, ArrayView<GradientSums<V>> partials, double epsilon, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var scale = V.Constant(1) / V.Sqrt(variances[here.Line] + V.Constant(epsilon));
        var fold = new ChannelGradientFold<V> { X = x, G = g, Mean = means[here.Line], Scale = scale };
        var sums = Folding<ChannelGradientFold<V>, GradientSums<V>, TJoin, ManyRuns>.Run(fold, here, sizes, default);
        if (here.Writes != 0) partials[here.Partial] = sums;
    }

    private static void JoinKernel(ArrayView<GradientSums<V>> partials, ArrayView<V> dw, ArrayView<V> db, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var sums = Folding<PartialFold<GradientSumsJoin<V>, GradientSums<V>>, GradientSums<V>, TJoin, OneRun>.Run(new() { X = partials }, here, sizes, default);
        if (here.Writes == 0) return;
        dw[here.Line] = sums.Product;
        db[here.Line] = sums.Sum;
    }
}
