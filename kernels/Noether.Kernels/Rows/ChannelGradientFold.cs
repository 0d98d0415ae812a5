using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>Over a channel: Σ g and Σ g·x̂, the mean and scale being the channel's.</summary>
internal struct ChannelGradientFold<V> : IFold<ChannelGradientFold<V>, GradientSums<V>>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>[images, channels, size].</summary>
    public ArrayView<V> X;

    /// <summary>[images, channels, size].</summary>
    public ArrayView<V> G;

    /// <summary>The channel's mean.</summary>
    public V Mean;

    /// <summary>The channel's scale.</summary>
    public V Scale;

    /// <inheritdoc/>
    public static GradientSums<V> Join(GradientSums<V> left, GradientSums<V> right) => GradientSums<V>.Join(left, right);

    /// <inheritdoc/>
    public static GradientSums<V> At(ChannelGradientFold<V> fold, long address, long position) =>
        GradientSums<V>.Of(fold.G[address], (fold.X[address] - fold.Mean) * fold.Scale);

    /// <inheritdoc/>
    public static GradientSums<V> AtFour(ChannelGradientFold<V> fold, long address, long position)
    {
        Quad<V> x = Quads.Of(fold.X)[address], g = Quads.Of(fold.G)[address];
        return GradientSums<V>.Of(
            g.X, (x.X - fold.Mean) * fold.Scale, g.Y, (x.Y - fold.Mean) * fold.Scale, g.Z, (x.Z - fold.Mean) * fold.Scale, g.W, (x.W - fold.Mean) * fold.Scale);
    }
}
