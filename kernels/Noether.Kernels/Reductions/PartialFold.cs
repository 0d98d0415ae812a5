using ILGPU;

namespace Noether.Kernels.Reductions;

/// <summary>The second stage of a fold: its partials.</summary>
internal struct PartialFold<TOperation, T> : IFold<PartialFold<TOperation, T>, T>
    where TOperation : struct, IJoin<T>
    where T : unmanaged
{
    /// <summary>The partials.</summary>
    public ArrayView<T> X;

    /// <inheritdoc/>
    public static T Join(T left, T right) => TOperation.Join(left, right);

    /// <inheritdoc/>
    public static T At(PartialFold<TOperation, T> fold, long address, long position) => fold.X[address];

    // Partials are never packed: this is only here to be whole.
    /// <inheritdoc/>
    public static T AtFour(PartialFold<TOperation, T> fold, long address, long position)
    {
        var x = Quads.Of(fold.X)[address];
        return TOperation.Join(TOperation.Join(x.X, x.Y), TOperation.Join(x.Z, x.W));
    }
}
