using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>
/// Cross-entropy of logits x along the middle axis of a dense [outer, n, inner] against a class t a row, (1 - ε)·(l - x[t]) + ε·(l - mean x) with
/// l = log Σ eˣ, and its gradient c·(e^(x - l) - ε/n - (1 - ε)·[j = t]); both 0 where the class is the one to ignore.
/// </summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a row join their parts.</typeparam>
/// <remarks>
/// Algorithm: as <see cref="RowKernel{V, TJoin}"/>; the probabilities are made again by the gradient, which is cheaper than to keep them.
/// Layout:    x, dx [outer, n, inner]; classes, losses, l and c [outer, inner]. A class outside [0, n) is read as the nearest, and has no gradient of its own.
/// Limit:     bandwidth: one read of x; the gradient writes dx besides.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class CrossEntropyKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<int>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>> losses32 =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<int>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>(LossKernel32, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<long>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>> losses64 =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<long>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>(LossKernel64, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<int>, ArrayView<V>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>> gradient32 =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<int>, ArrayView<V>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>(GradientKernel32, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<long>, ArrayView<V>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>> gradient64 =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<long>, ArrayView<V>, ArrayView<V>, ArrayView<V>, CrossEntropyRule, FoldSizes>(GradientKernel64, Grids.Specialization(accelerator)));

    /// <summary>Enqueues losses and sums l; one of the views of classes is empty.</summary>
    public void Losses(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<int> classes32, ArrayView<long> classes64, ArrayView<V> losses, ArrayView<V> sums,
        in CrossEntropyRule rule, long n, long inner)
    {
        if (losses.Length == 0) return;
        var sizes = FoldSizes.Middle(accelerator, losses.Length / inner, n, inner, Quads.Suit(x), cuts: false);
        if (classes32.Length > 0) losses32.Value(stream, sizes.Config(accelerator), x, classes32, losses, sums, rule, sizes);
        else losses64.Value(stream, sizes.Config(accelerator), x, classes64, losses, sums, rule, sizes);
    }

    /// <summary>Enqueues dx for cotangents of the losses; one of the views of classes is empty.</summary>
    public void Gradient(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<int> classes32, ArrayView<long> classes64, ArrayView<V> sums, ArrayView<V> cotangents, ArrayView<V> dx,
        in CrossEntropyRule rule, long n, long inner)
    {
        if (dx.Length == 0) return;
        var sizes = FoldSizes.Rows(accelerator, cotangents.Length / inner, n, inner, Quads.Suit(x) && Quads.Suit(dx)); // long rows in parts: nothing is summed
        if (classes32.Length > 0) gradient32.Value(stream, sizes.Config(accelerator), x, classes32, sums, cotangents, dx, rule, sizes);
        else gradient64.Value(stream, sizes.Config(accelerator), x, classes64, sums, cotangents, dx, rule, sizes);
    }

    private static void LossKernel32(ArrayView<V> x, ArrayView<int> classes, ArrayView<V> losses, ArrayView<V> sums, CrossEntropyRule rule, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        Loss(x, classes[here.Line], losses, sums, rule, here, sizes);
    }

    private static void LossKernel64(ArrayView<V> x, ArrayView<long> classes, ArrayView<V> losses, ArrayView<V> sums, CrossEntropyRule rule, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        Loss(x, classes[here.Line], losses, sums, rule, here, sizes);
    }

    private static void GradientKernel32(
        ArrayView<V> x, ArrayView<int> classes, ArrayView<V> sums, ArrayView<V> cotangents, ArrayView<V> dx, CrossEntropyRule rule, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        Write(x, classes[here.Line], sums[here.Line], cotangents[here.Line], dx, rule, here, sizes);
    }

    private static void GradientKernel64(
        ArrayView<V> x, ArrayView<long> classes, ArrayView<V> sums, ArrayView<V> cotangents, ArrayView<V> dx, CrossEntropyRule rule, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        Write(x, classes[here.Line], sums[here.Line], cotangents[here.Line], dx, rule, here, sizes);
    }

    private static void Loss(ArrayView<V> x, long target, ArrayView<V> losses, ArrayView<V> sums, CrossEntropyRule rule, FoldPart here, FoldSizes sizes)
    {
        var top = RowPasses<V, TJoin>.Top(x, here, sizes);
        var shift = RowPasses<V, TJoin>.Shift(top);
        var log = RowPasses<V, TJoin>.LogOfPowers(x, FoldPart.Here(sizes), sizes, top, shift); // found again, not kept: registers
        var bits = 2 * sizes.Packed;
        var mean = V.Constant(0);
        if (rule.Smoothing != 0)
            mean = RowPasses<V, TJoin>.Sum<Distance<V>>(x, x, FoldPart.Here(sizes), sizes, shift) * V.Constant(1.0 / (sizes.Positions << bits));
        if (here.Writes == 0) return;

        var loss = V.Constant(0);
        if (target != rule.Ignored && sizes.Positions > 0)
        {
            // The writer's first element is the row's.
            var last = (sizes.Positions << bits) - 1;
            var nearest = target < 0 ? 0 : target > last ? last : target;
            loss = log - (x[(here.Address << bits) + nearest * sizes.LowStride] - shift);
            if (rule.Smoothing != 0) loss = V.Constant(1 - rule.Smoothing) * loss + V.Constant(rule.Smoothing) * (log - mean);
        }

        losses[here.Line] = loss;
        sums[here.Line] = log + shift;
    }

    private static void Write(ArrayView<V> x, long target, V sum, V factor, ArrayView<V> dx, CrossEntropyRule rule, FoldPart part, FoldSizes sizes)
    {
        var ignored = target == rule.Ignored;
        var spread = V.Constant(rule.Smoothing / (sizes.Positions << 2 * sizes.Packed));
        var own = V.Constant(1 - rule.Smoothing);
        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), to = Quads.Of(dx);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                var a = from[part.Address];
                var at = target - 4 * part.Position;
                to[part.Address] = new()
                {
                    X = Element(a.X, sum, factor, spread, own, at == 0, ignored),
                    Y = Element(a.Y, sum, factor, spread, own, at == 1, ignored),
                    Z = Element(a.Z, sum, factor, spread, own, at == 2, ignored),
                    W = Element(a.W, sum, factor, spread, own, at == 3, ignored),
                };
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            dx[part.Address] = Element(x[part.Address], sum, factor, spread, own, target == part.Position, ignored);
    }

    private static V Element(V x, V sum, V factor, V spread, V own, bool isTarget, bool ignored)
    {
        var value = factor * (Elementary.Exp(x - sum) - spread);
        if (isTarget) value -= own * factor;
        return ignored ? V.Constant(0) : value;
    }
}
