using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>
/// Mean and variance, Σ (x - mean)² / divisor, of the middle axis of a dense [outer, n, inner], or of the channels of a dense
/// [images, channels, size].
/// </summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a line join their parts.</typeparam>
/// <remarks>
/// Algorithm: two passes over each part of a line, the second out of the caches; parts join by Chan, Golub and LeVeque's formula (1979) in a second kernel.
/// Layout:    x dense; means and variances one a line; scratch one a part, only for lines that are cut.
/// Limit:     bandwidth: one read of x.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class MomentsKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, double, FoldSizes>> whole =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, double, FoldSizes>(WholeKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<Moments<V>>, FoldSizes>> part =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<Moments<V>>, FoldSizes>(PartKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<Moments<V>>, ArrayView<V>, ArrayView<V>, double, FoldSizes>> join =
        new(() => accelerator.LoadKernel<ArrayView<Moments<V>>, ArrayView<V>, ArrayView<V>, double, FoldSizes>(JoinKernel, Grids.Specialization(accelerator)));

    /// <summary>How the kernels share out [outer, n, inner].</summary>
    public FoldSizes Middle(ArrayView<V> x, long outer, long n, long inner) => FoldSizes.Middle(accelerator, outer, n, inner, Quads.Suit(x));

    /// <summary>How the kernels share out the channels of [images, channels, size].</summary>
    public FoldSizes Channels(ArrayView<V> x, long images, long channels, long size) => FoldSizes.Channels(accelerator, images, channels, size, Quads.Suit(x));

    /// <summary>Enqueues means and variances.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">Dense.</param>
    /// <param name="means">One a line; may be the variances' memory, which are written last.</param>
    /// <param name="variances">One a line.</param>
    /// <param name="divisor">What the squared distances are divided by.</param>
    /// <param name="sizes">What <see cref="Middle"/> or <see cref="Channels"/> has said.</param>
    /// <param name="scratch">As many partials as that asks for.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> means, ArrayView<V> variances, double divisor, in FoldSizes sizes, ArrayView<Moments<V>> scratch)
    {
        if (variances.Length == 0) return;
        if (sizes.Parts == 1)
        {
            whole.Value(stream, sizes.Config(accelerator), x, means, variances, divisor, sizes);
            return;
        }

        part.Value(stream, sizes.Config(accelerator), x, scratch, sizes);
        var rest = sizes.Rest(accelerator);
        join.Value(stream, rest.Config(accelerator), scratch, means, variances, divisor, rest);
    }

    private static void WholeKernel(ArrayView<V> x, ArrayView<V> means, ArrayView<V> variances, double divisor, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        Write(Of(x, here, sizes), means, variances, divisor, here);
    }

    private static void PartKernel(ArrayView<V> x, ArrayView<Moments<V>> partials, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var moments = Of(x, here, sizes);
        if (here.Writes != 0) partials[here.Partial] = moments;
    }

    private static void JoinKernel(ArrayView<Moments<V>> partials, ArrayView<V> means, ArrayView<V> variances, double divisor, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var moments = Folding<PartialFold<MomentsJoin<V>, Moments<V>>, Moments<V>, TJoin, OneRun>.Run(new() { X = partials }, here, sizes, default);
        Write(moments, means, variances, divisor, here);
    }

    private static Moments<V> Of(ArrayView<V> x, FoldPart here, FoldSizes sizes)
    {
        var count = V.Constant(here.Count << 2 * sizes.Packed);
        var mean = Sum<Itself<V>>(x, here, sizes, V.Constant(0)) / count;
        return new() { Count = count, Mean = mean, Squares = Sum<SquaredDistance<V>>(x, FoldPart.Here(sizes), sizes, mean) }; // found again, not kept: registers
    }

    private static V Sum<TStep>(ArrayView<V> x, FoldPart here, FoldSizes sizes, V p)
        where TStep : struct, IRowStep<V> =>
        Folding<RowFold<TStep, V>, V, TJoin, ManyRuns>.Run(new() { X = x, Z = x, P = p }, here, sizes, V.Constant(0));

    private static void Write(Moments<V> moments, ArrayView<V> means, ArrayView<V> variances, double divisor, FoldPart here)
    {
        if (here.Writes == 0) return;
        means[here.Line] = moments.Mean;
        variances[here.Line] = moments.Squares / V.Constant(divisor);
    }
}
