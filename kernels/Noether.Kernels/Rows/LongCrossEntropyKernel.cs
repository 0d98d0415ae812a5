using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The losses of <see cref="CrossEntropyKernel{V, TJoin}"/> where rows are long and too few to fill the processors with a group each.</summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a row join their parts.</typeparam>
/// <remarks>
/// Algorithm: a group a part of a row makes a partial, <see cref="PowerSums{V}"/>, distances measured from the row's first element; a second kernel
///            joins those and reads the class's logit.
/// Layout:    x [outer, n, inner]; classes, losses and sums [outer, inner]; scratch one a part.
/// Limit:     bandwidth: one read of x.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class LongCrossEntropyKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<PowerSums<V>>, CrossEntropyRule, FoldSizes>> parts =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<PowerSums<V>>, CrossEntropyRule, FoldSizes>(PartsKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<
        AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<int>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, long, int, FoldSizes>> losses32 =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<int>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, long, int, FoldSizes>(
            LossKernel32, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<
        AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<long>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, long, int, FoldSizes>> losses64 =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<PowerSums<V>>, ArrayView<long>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, long, int, FoldSizes>(
            LossKernel64, Grids.Specialization(accelerator)));

    /// <summary>How rows are shared out; one part says that they are <see cref="CrossEntropyKernel{V, TJoin}"/>'s.</summary>
    public FoldSizes Sizes(ArrayView<V> x, long rows, long n, long inner) => FoldSizes.Rows(accelerator, rows / inner, n, inner, Quads.Suit(x));

    /// <summary>Enqueues losses and sums l; one of the views of classes is empty.</summary>
    public void Losses(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<int> classes32, ArrayView<long> classes64, ArrayView<V> losses, ArrayView<V> sums,
        in CrossEntropyRule rule, long n, long inner, in FoldSizes sizes, ArrayView<PowerSums<V>> scratch)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(losses.Length, int.MaxValue);
        parts.Value(stream, sizes.Config(accelerator), x, scratch, rule, sizes);
        var rest = sizes.Rest(accelerator);
        if (classes32.Length > 0) losses32.Value(stream, rest.Config(accelerator), x, scratch, classes32, losses, sums, rule, n, (int)inner, rest);
        else losses64.Value(stream, rest.Config(accelerator), x, scratch, classes64, losses, sums, rule, n, (int)inner, rest);
    }

    private static void PartsKernel(ArrayView<V> x, ArrayView<PowerSums<V>> partials, CrossEntropyRule rule, FoldSizes sizes)
    {
        var partial = LongRowPasses<V, TJoin>.Powers(x, FoldPart.Here(sizes), sizes);
        var here = FoldPart.Here(sizes); // found again, not kept: registers
        if (rule.Smoothing != 0)
        {
            var first = here.Address - here.Position * sizes.LowStride << 2 * sizes.Packed;
            var near = here.Count == 0 ? V.Constant(0) : RowPasses<V, TJoin>.Shift(x[first]);
            partial.Distance = RowPasses<V, TJoin>.Sum<Distance<V>>(x, x, here, sizes, near);
        }

        if (here.Writes != 0) partials[here.Partial] = partial;
    }

    private static void LossKernel32(
        ArrayView<V> x, ArrayView<PowerSums<V>> partials, ArrayView<int> classes, ArrayView<V> losses, ArrayView<V> sums, CrossEntropyRule rule, long n, int inner, FoldSizes sizes) =>
        Loss(x, partials, classes[FoldPart.Here(sizes).Line], losses, sums, rule, n, inner, sizes);

    private static void LossKernel64(
        ArrayView<V> x, ArrayView<PowerSums<V>> partials, ArrayView<long> classes, ArrayView<V> losses, ArrayView<V> sums, CrossEntropyRule rule, long n, int inner, FoldSizes sizes) =>
        Loss(x, partials, classes[FoldPart.Here(sizes).Line], losses, sums, rule, n, inner, sizes);

    private static void Loss(
        ArrayView<V> x, ArrayView<PowerSums<V>> partials, long target, ArrayView<V> losses, ArrayView<V> sums, CrossEntropyRule rule, long n, int inner, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var row = Folding<PartialFold<PowerSumsJoin<V>, PowerSums<V>>, PowerSums<V>, TJoin, OneRun>.Run(new() { X = partials }, here, sizes, default);
        if (here.Writes == 0) return;

        V log = LongRowPasses<V, TJoin>.Log(row), shift = RowPasses<V, TJoin>.Shift(row.Top), loss = V.Constant(0);
        if (target != rule.Ignored)
        {
            var outer = (uint)here.Line / (uint)inner; // a division of 64 bits is a call
            var first = outer * n * inner + (here.Line - outer * inner);
            var nearest = target < 0 ? 0 : target > n - 1 ? n - 1 : target;
            loss = log - (x[first + nearest * inner] - shift);
            if (rule.Smoothing != 0)
            {
                var mean = RowPasses<V, TJoin>.Shift(x[first]) - shift + row.Distance * V.Constant(1.0 / n);
                loss = V.Constant(1 - rule.Smoothing) * loss + V.Constant(rule.Smoothing) * (log - mean);
            }
        }

        losses[here.Line] = loss;
        sums[here.Line] = log + shift;
    }
}
