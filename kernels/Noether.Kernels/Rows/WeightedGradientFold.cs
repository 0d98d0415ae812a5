using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>Along a row of [rows, n]: Σ h and Σ h·x̂ with h = g·w.</summary>
internal struct WeightedGradientFold<V> : IFold<WeightedGradientFold<V>, GradientSums<V>>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>[rows, n].</summary>
    public ArrayView<V> X;

    /// <summary>[n].</summary>
    public ArrayView<V> W;

    /// <summary>[rows, n].</summary>
    public ArrayView<V> G;

    /// <summary>The row's mean.</summary>
    public V Mean;

    /// <summary>The row's scale.</summary>
    public V Scale;

    /// <summary>0: h = g.</summary>
    public int Weighted;

    /// <inheritdoc/>
    public static GradientSums<V> Join(GradientSums<V> left, GradientSums<V> right) => GradientSums<V>.Join(left, right);

    /// <inheritdoc/>
    public static GradientSums<V> At(WeightedGradientFold<V> fold, long address, long position)
    {
        var h = fold.G[address];
        if (fold.Weighted != 0) h *= fold.W[position];
        return GradientSums<V>.Of(h, (fold.X[address] - fold.Mean) * fold.Scale);
    }

    /// <inheritdoc/>
    public static GradientSums<V> AtFour(WeightedGradientFold<V> fold, long address, long position)
    {
        Quad<V> x = Quads.Of(fold.X)[address], h = Quads.Of(fold.G)[address];
        if (fold.Weighted != 0)
        {
            var w = Quads.Of(fold.W)[position >> 2];
            h = new() { X = h.X * w.X, Y = h.Y * w.Y, Z = h.Z * w.Z, W = h.W * w.W };
        }

        return GradientSums<V>.Of(
            h.X, (x.X - fold.Mean) * fold.Scale, h.Y, (x.Y - fold.Mean) * fold.Scale, h.Z, (x.Z - fold.Mean) * fold.Scale, h.W, (x.W - fold.Mean) * fold.Scale);
    }
}
