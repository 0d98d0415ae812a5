using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>Down a column of [rows, n]: Σ g and Σ g·x̂, the mean and scale being the row's.</summary>
internal struct ColumnGradientFold<V> : IFold<ColumnGradientFold<V>, GradientSums<V>>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>[rows, n].</summary>
    public ArrayView<V> X;

    /// <summary>[rows, n].</summary>
    public ArrayView<V> G;

    /// <summary>[rows].</summary>
    public ArrayView<V> Means;

    /// <summary>[rows].</summary>
    public ArrayView<V> Scales;

    /// <inheritdoc/>
    public static GradientSums<V> Join(GradientSums<V> left, GradientSums<V> right) => GradientSums<V>.Join(left, right);

    /// <inheritdoc/>
    public static GradientSums<V> At(ColumnGradientFold<V> fold, long address, long position) =>
        GradientSums<V>.Of(fold.G[address], (fold.X[address] - fold.Means[position]) * fold.Scales[position]);

    // One column's elements are neighbours only where there is no other.
    /// <inheritdoc/>
    public static GradientSums<V> AtFour(ColumnGradientFold<V> fold, long address, long position)
    {
        Quad<V> x = Quads.Of(fold.X)[address], g = Quads.Of(fold.G)[address];
        Quad<V> mean = Quads.Of(fold.Means)[position >> 2], scale = Quads.Of(fold.Scales)[position >> 2];
        return GradientSums<V>.Of(
            g.X, (x.X - mean.X) * scale.X, g.Y, (x.Y - mean.Y) * scale.Y, g.Z, (x.Z - mean.Z) * scale.Z, g.W, (x.W - mean.W) * scale.W);
    }
}
