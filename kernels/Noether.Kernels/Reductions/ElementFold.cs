using ILGPU;

namespace Noether.Kernels.Reductions;

/// <summary>A reduction of elements.</summary>
internal struct ElementFold<TOperation, TInput, TPartial, TOutput> : IFold<ElementFold<TOperation, TInput, TPartial, TOutput>, TPartial>
    where TOperation : struct, IReduction<TInput, TPartial, TOutput>
    where TInput : unmanaged
    where TPartial : unmanaged
    where TOutput : unmanaged
{
    /// <summary>The elements.</summary>
    public ArrayView<TInput> X;

    /// <inheritdoc/>
    public static TPartial Join(TPartial left, TPartial right) => TOperation.Join(left, right);

    /// <inheritdoc/>
    public static TPartial At(ElementFold<TOperation, TInput, TPartial, TOutput> fold, long address, long position) =>
        TOperation.Lift(fold.X[address], position);

    /// <inheritdoc/>
    public static TPartial AtFour(ElementFold<TOperation, TInput, TPartial, TOutput> fold, long address, long position)
    {
        var x = Quads.Of(fold.X)[address];
        return TOperation.Join(
            TOperation.Join(TOperation.Lift(x.X, position), TOperation.Lift(x.Y, position + 1)),
            TOperation.Join(TOperation.Lift(x.Z, position + 2), TOperation.Lift(x.W, position + 3)));
    }
}
