using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>
/// Layer normalisation of a dense [rows, n]: y = (x - mean)·r·w + b with r = 1 / √(variance + ε), the biased variance; and its gradient in x,
/// r·(h - mean h - x̂·mean(h·x̂)) with x̂ = (x - mean)·r and h = g·w.
/// </summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TJoin">How the threads of a row join their parts.</typeparam>
/// <remarks>
/// Algorithm: the mean, the mean of squared distances from it, the values: three passes, the later two out of the caches; the gradient takes both of
///            its sums in one pass and writes in a second. Threads a row and rows a group as <see cref="FoldSizes"/> says. The gradients of w and b
///            are <see cref="GradientSumsKernel{V, TJoin}"/>'s.
/// Layout:    x, y, g, dx [rows, n]; w, b [n] or empty; means and scales (r) [rows].
/// Limit:     bandwidth: one read of each operand and one write.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class RowNormKernel<V, TJoin>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, double, int, FoldSizes>> normalize =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, double, int, FoldSizes>(
            NormalizeKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, int, FoldSizes>> gradient =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, int, FoldSizes>(
            GradientKernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues y, means and scales; w and b are both empty or neither.</summary>
    public void Normalize(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> w, ArrayView<V> b, ArrayView<V> y, ArrayView<V> means, ArrayView<V> scales, double epsilon, long n)
    {
        if (means.Length == 0) return;
        var weighted = w.Length > 0;
        if (!weighted) w = b = x;
        var packs = Quads.Suit(x) && Quads.Suit(w) && Quads.Suit(b) && Quads.Suit(y);
        var sizes = FoldSizes.Middle(accelerator, means.Length, n, 1, packs, cuts: false);
        normalize.Value(stream, sizes.Config(accelerator), x, w, b, y, means, scales, epsilon, weighted ? 1 : 0, sizes);
    }

    /// <summary>Enqueues dx; w may be empty.</summary>
    public void Gradient(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> means, ArrayView<V> scales, ArrayView<V> w, ArrayView<V> g, ArrayView<V> dx, long n)
    {
        if (dx.Length == 0) return;
        var weighted = w.Length > 0;
        if (!weighted) w = x;
        var packs = Quads.Suit(x) && Quads.Suit(w) && Quads.Suit(g) && Quads.Suit(dx);
        var sizes = FoldSizes.Middle(accelerator, means.Length, n, 1, packs, cuts: false);
        gradient.Value(stream, sizes.Config(accelerator), x, means, scales, w, g, dx, weighted ? 1 : 0, sizes);
    }

    private static void NormalizeKernel(
        ArrayView<V> x, ArrayView<V> w, ArrayView<V> b, ArrayView<V> y, ArrayView<V> means, ArrayView<V> scales, double epsilon, int weighted, FoldSizes sizes)
    {
        var part = FoldPart.Here(sizes);
        var n = V.Constant(sizes.Positions << 2 * sizes.Packed);
        var mean = RowPasses<V, TJoin>.Sum<Itself<V>>(x, x, part, sizes, V.Constant(0)) / n;
        var variance = RowPasses<V, TJoin>.Sum<SquaredDistance<V>>(x, x, FoldPart.Here(sizes), sizes, mean) / n; // found again, not kept: registers
        var scale = V.Constant(1) / V.Sqrt(variance + V.Constant(epsilon));
        if (part.Writes != 0)
        {
            means[part.Line] = mean;
            scales[part.Line] = scale;
        }

        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), factors = Quads.Of(w), terms = Quads.Of(b), to = Quads.Of(y);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                var a = from[part.Address];
                Quad<V> value = new() { X = (a.X - mean) * scale, Y = (a.Y - mean) * scale, Z = (a.Z - mean) * scale, W = (a.W - mean) * scale };
                if (weighted != 0)
                {
                    Quad<V> f = factors[part.Position], t = terms[part.Position];
                    value = new() { X = value.X * f.X + t.X, Y = value.Y * f.Y + t.Y, Z = value.Z * f.Z + t.Z, W = value.W * f.W + t.W };
                }

                to[part.Address] = value;
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
        {
            var value = (x[part.Address] - mean) * scale;
            if (weighted != 0) value = value * w[part.Position] + b[part.Position];
            y[part.Address] = value;
        }
    }

    private static void GradientKernel(
        ArrayView<V> x, ArrayView<V> means, ArrayView<V> scales, ArrayView<V> w, ArrayView<V> g, ArrayView<V> dx, int weighted, FoldSizes sizes)
    {
        var part = FoldPart.Here(sizes);
        V mean = means[part.Line], scale = scales[part.Line];
        var fold = new WeightedGradientFold<V> { X = x, W = w, G = g, Mean = mean, Scale = scale, Weighted = weighted };
        var sums = Folding<WeightedGradientFold<V>, GradientSums<V>, TJoin, OneRun>.Run(fold, part, sizes, default);
        var n = V.Constant(sizes.Positions << 2 * sizes.Packed);
        V along = sums.Sum / n, across = sums.Product / n;
        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), with = Quads.Of(g), factors = Quads.Of(w), to = Quads.Of(dx);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                Quad<V> a = from[part.Address], h = with[part.Address];
                if (weighted != 0)
                {
                    var f = factors[part.Position];
                    h = new() { X = h.X * f.X, Y = h.Y * f.Y, Z = h.Z * f.Z, W = h.W * f.W };
                }

                to[part.Address] = new()
                {
                    X = Element(a.X, h.X, mean, scale, along, across),
                    Y = Element(a.Y, h.Y, mean, scale, along, across),
                    Z = Element(a.Z, h.Z, mean, scale, along, across),
                    W = Element(a.W, h.W, mean, scale, along, across),
                };
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
        {
            var h = g[part.Address];
            if (weighted != 0) h *= w[part.Position];
            dx[part.Address] = Element(x[part.Address], h, mean, scale, along, across);
        }
    }

    private static V Element(V x, V h, V mean, V scale, V along, V across) => scale * (h - along - (x - mean) * scale * across);
}
