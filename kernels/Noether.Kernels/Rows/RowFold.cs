using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The sum of a formula over a row.</summary>
internal struct RowFold<TStep, V> : IFold<RowFold<TStep, V>, V>
    where TStep : struct, IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>The first operand.</summary>
    public ArrayView<V> X;

    /// <summary>The second; X where the formula has one.</summary>
    public ArrayView<V> Z;

    /// <summary>The row's number.</summary>
    public V P;

    /// <inheritdoc/>
    public static V Join(V left, V right) => left + right;

    /// <inheritdoc/>
    public static V At(RowFold<TStep, V> fold, long address, long position) => TStep.Of(fold.X[address], fold.Z[address], fold.P, fold.P);

    /// <inheritdoc/>
    public static V AtFour(RowFold<TStep, V> fold, long address, long position)
    {
        Quad<V> x = Quads.Of(fold.X)[address], z = Quads.Of(fold.Z)[address];
        return TStep.Of(x.X, z.X, fold.P, fold.P) + TStep.Of(x.Y, z.Y, fold.P, fold.P) + (TStep.Of(x.Z, z.Z, fold.P, fold.P) + TStep.Of(x.W, z.W, fold.P, fold.P));
    }
}
