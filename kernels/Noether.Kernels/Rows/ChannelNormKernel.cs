using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>
/// The values of a batch normalisation of a dense [images, channels, size], y = (x - mean)·r·w + b with r = 1 / √(variance + ε), and of its gradient
/// in x, w·r·(g - db / n - x̂·dw / n), n = images·size; from what <see cref="MomentsKernel{V, TJoin}"/> and
/// <see cref="GradientSumsKernel{V, TJoin}"/> have found.
/// </summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <remarks>
/// Algorithm: one pass, a run of size elements a row of <see cref="FoldSizes"/>, whose channel's numbers its threads read once.
/// Layout:    x, y, g, dx [images, channels, size]; everything else [channels].
/// Limit:     bandwidth: one read of each operand and one write.
/// Order:     nothing is summed.
/// Reference: in the tests, plain loops in float64.
/// </remarks>
public sealed class ChannelNormKernel<V>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ChannelRule, FoldSizes>> normalize =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ChannelRule, FoldSizes>(
            NormalizeKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<
        AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ChannelRule, FoldSizes>> gradient =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ArrayView<V>, ChannelRule, FoldSizes>(
            GradientKernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues y.</summary>
    public void Normalize(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> w, ArrayView<V> b, ArrayView<V> means, ArrayView<V> variances, ArrayView<V> y, double epsilon, long images, long size)
    {
        if (y.Length == 0) return;
        var sizes = Sizes(means.Length, images, size, Quads.Suit(x) && Quads.Suit(y));
        normalize.Value(stream, sizes.Config(accelerator), x, w, b, means, variances, y, Rule(means.Length, images, size, epsilon), sizes);
    }

    /// <summary>Enqueues dx.</summary>
    public void Gradient(
        AcceleratorStream stream, ArrayView<V> x, ArrayView<V> w, ArrayView<V> means, ArrayView<V> variances, ArrayView<V> g, ArrayView<V> dw, ArrayView<V> db, ArrayView<V> dx,
        double epsilon, long images, long size)
    {
        if (dx.Length == 0) return;
        var sizes = Sizes(means.Length, images, size, Quads.Suit(x) && Quads.Suit(g) && Quads.Suit(dx));
        gradient.Value(stream, sizes.Config(accelerator), x, w, means, variances, g, dw, db, dx, Rule(means.Length, images, size, epsilon), sizes);
    }

    private static ChannelRule Rule(long channels, long images, long size, double epsilon) =>
        new() { Epsilon = epsilon, Share = 1.0 / (images * size), Channels = checked((uint)channels) };

    private FoldSizes Sizes(long channels, long images, long size, bool packs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(images * channels, uint.MaxValue);
        return FoldSizes.Middle(accelerator, images * channels, size, 1, packs, cuts: false);
    }

    private static void NormalizeKernel(
        ArrayView<V> x, ArrayView<V> w, ArrayView<V> b, ArrayView<V> means, ArrayView<V> variances, ArrayView<V> y, ChannelRule rule, FoldSizes sizes)
    {
        var part = FoldPart.Here(sizes);
        var channel = (long)((uint)part.Line % rule.Channels);
        V mean = means[channel], shift = b[channel], scale = w[channel] / V.Sqrt(variances[channel] + V.Constant(rule.Epsilon));
        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), to = Quads.Of(y);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                var a = from[part.Address];
                to[part.Address] = new()
                {
                    X = (a.X - mean) * scale + shift,
                    Y = (a.Y - mean) * scale + shift,
                    Z = (a.Z - mean) * scale + shift,
                    W = (a.W - mean) * scale + shift,
                };
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            y[part.Address] = (x[part.Address] - mean) * scale + shift;
    }

    // dx = near·g + far·(x - mean) + shift.
    private static void GradientKernel(
        ArrayView<V> x, ArrayView<V> w, ArrayView<V> means, ArrayView<V> variances, ArrayView<V> g, ArrayView<V> dw, ArrayView<V> db, ArrayView<V> dx,
        ChannelRule rule, FoldSizes sizes)
    {
        var part = FoldPart.Here(sizes);
        var channel = (long)((uint)part.Line % rule.Channels);
        V mean = means[channel], r = V.Constant(1) / V.Sqrt(variances[channel] + V.Constant(rule.Epsilon)), near = w[channel] * r;
        V share = near * V.Constant(rule.Share), far = -(share * r * dw[channel]), shift = -(share * db[channel]);
        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), with = Quads.Of(g), to = Quads.Of(dx);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                Quad<V> a = from[part.Address], c = with[part.Address];
                to[part.Address] = new()
                {
                    X = near * c.X + (far * (a.X - mean) + shift),
                    Y = near * c.Y + (far * (a.Y - mean) + shift),
                    Z = near * c.Z + (far * (a.Z - mean) + shift),
                    W = near * c.W + (far * (a.W - mean) + shift),
                };
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            dx[part.Address] = near * g[part.Address] + (far * (x[part.Address] - mean) + shift);
    }
}
