using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The largest of a row; NaN if one is.</summary>
internal struct TopFold<V> : IFold<TopFold<V>, V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>The operand.</summary>
    public ArrayView<V> X;

    /// <inheritdoc/>
    public static V Join(V left, V right) => V.Max(left, right);

    /// <inheritdoc/>
    public static V At(TopFold<V> fold, long address, long position) => fold.X[address];

    /// <inheritdoc/>
    public static V AtFour(TopFold<V> fold, long address, long position)
    {
        var x = Quads.Of(fold.X)[address];
        return V.Max(V.Max(x.X, x.Y), V.Max(x.Z, x.W));
    }
}
