using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary><see cref="RowNormKernel{V, TJoin}"/> where rows are long and too few to fill the processors with a group each.</summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a row join their parts.</typeparam>
/// <remarks>
/// Algorithm: a group a part of a row: its moments (<see cref="MomentsKernel{V, TJoin}"/>'s, whose second kernel joins them), or the gradient's two
///            sums; then a group a part again, which writes its values. The gradient's groups join the row's partials each for itself.
/// Layout:    x, y, g, dx [rows, n]; w, b [n] or empty; means, variances and scales (r) [rows]; scratch one a part.
/// Limit:     bandwidth: two reads of each operand and one write; rows that fit the second-level cache are read once.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class LongRowNormKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<
        AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, double, int, FoldSizes>> values =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, double, int, FoldSizes>(
            ValuesKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<
        AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, int, FoldSizes>> sums =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, int, FoldSizes>(
            SumsKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<
        AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, ArrayView<V>, int, FoldSizes>> gradient =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<GradientSums<V>>, ArrayView<V>, int, FoldSizes>(
            GradientKernel, Grids.Specialization(accelerator)));

    /// <summary>How rows are shared out; one part says that they are <see cref="RowNormKernel{V, TJoin}"/>'s. The last two may be x again.</summary>
    public FoldSizes Sizes(ArrayView<V> x, ArrayView<V> y, ArrayView<V> w, ArrayView<V> b, long rows, long n) =>
        FoldSizes.Rows(accelerator, rows, n, 1, Quads.Suit(x) && Quads.Suit(y) && Quads.Suit(w) && Quads.Suit(b));

    /// <summary>Enqueues y and scales, of means and variances; w and b are both empty or neither.</summary>
    public void Normalize(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> w, ArrayView<V> b, ArrayView<V> y, ArrayView<V> means, ArrayView<V> variances, ArrayView<V> scales,
        double epsilon, in FoldSizes sizes)
    {
        var weighted = w.Length > 0;
        if (!weighted) w = b = x;
        values.Value(stream, sizes.Config(accelerator), x, w, b, y, means, variances, scales, epsilon, weighted ? 1 : 0, sizes);
    }

    /// <summary>Enqueues dx; w may be empty.</summary>
    public void Gradient(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> means, ArrayView<V> scales, ArrayView<V> w, ArrayView<V> g, ArrayView<V> dx, in FoldSizes sizes,
        ArrayView<GradientSums<V>> scratch)
    {
        var weighted = w.Length > 0 ? 1 : 0;
        if (weighted == 0) w = x;
        sums.Value(stream, sizes.Config(accelerator), x, means, scales, w, g, scratch, weighted, sizes);
        gradient.Value(stream, sizes.Config(accelerator), x, means, scales, w, g, scratch, dx, weighted, sizes);
    }

    private static void ValuesKernel(
        ArrayView<V> x, ArrayView<V> w, ArrayView<V> b, ArrayView<V> y, ArrayView<V> means, ArrayView<V> variances, ArrayView<V> scales, double epsilon, int weighted,
        FoldSizes sizes)
    {
        var part = FoldPart.Here(sizes);
        V mean = means[part.Line], scale = V.Constant(1) / V.Sqrt(variances[part.Line] + V.Constant(epsilon));
        if (part.Writes != 0 && Grid.IdxY == 0) scales[part.Line] = scale;
        RowNormPasses<V>.Values(x, w, b, y, mean, scale, weighted, part, sizes);
    }

    private static void SumsKernel(
        ArrayView<V> x, ArrayView<V> means, ArrayView<V> scales, ArrayView<V> w, ArrayView<V> g, ArrayView<GradientSums<V>> partials, int weighted, FoldSizes sizes)
    {
        var part = FoldPart.Here(sizes);
        var fold = new WeightedGradientFold<V> { X = x, W = w, G = g, Mean = means[part.Line], Scale = scales[part.Line], Weighted = weighted };
        var partial = Folding<WeightedGradientFold<V>, GradientSums<V>, TJoin, OneRun>.Run(fold, part, sizes, default);
        if (part.Writes != 0) partials[part.Partial] = partial;
    }

    private static void GradientKernel(
        ArrayView<V> x, ArrayView<V> means, ArrayView<V> scales, ArrayView<V> w, ArrayView<V> g, ArrayView<GradientSums<V>> partials, ArrayView<V> dx, int weighted,
        FoldSizes sizes)
    {
        var row = LongRowPasses<V, TJoin>.Joined<GradientSumsJoin<V>, GradientSums<V>>(partials, FoldPart.Here(sizes), sizes);
        var part = FoldPart.Here(sizes);
        var n = V.Constant(sizes.Positions << 2 * sizes.Packed);
        RowNormPasses<V>.Gradients(x, w, g, dx, means[part.Line], scales[part.Line], row.Sum / n, row.Product / n, weighted, part, sizes);
    }
}
