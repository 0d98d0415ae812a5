using System.Runtime.CompilerServices;

namespace Noether;

public sealed partial class ComplexTensor
{
    /// <inheritdoc cref="Tensor.Reshape(Noether.Shape)"/>
    public ComplexTensor Reshape(Shape shape) => Map(part => part.Reshape(shape));

    /// <inheritdoc cref="Tensor.Reshape(ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(1)]
    public ComplexTensor Reshape(params ReadOnlySpan<int> sizes)
    {
        var real = Real.Reshape(sizes);
        return new(real, Imaginary.Reshape(real.Shape));
    }

    /// <inheritdoc cref="Tensor.Flatten"/>
    public ComplexTensor Flatten() => Map(static part => part.Flatten());

    /// <inheritdoc cref="Tensor.Permute"/>
    public ComplexTensor Permute(params int[] axes) => Map(part => part.Permute(axes));

    /// <inheritdoc cref="Tensor.Transpose"/>
    public ComplexTensor Transpose() => Map(static part => part.Transpose());

    /// <summary>The last two axes exchanged and the elements conjugated.</summary>
    public ComplexTensor Adjoint() =>
        Rank >= 2 ? SwapAxes(-2, -1).Conjugate() : throw new ShapeException($"Adjoint: {Shape} is not a matrix or a stack of matrices");

    /// <inheritdoc cref="Tensor.SwapAxes"/>
    public ComplexTensor SwapAxes(int first, int second) => Map(part => part.SwapAxes(first, second));

    /// <inheritdoc cref="Tensor.MoveAxis"/>
    public ComplexTensor MoveAxis(int from, int to) => Map(part => part.MoveAxis(from, to));

    /// <inheritdoc cref="Tensor.BroadcastTo"/>
    public ComplexTensor BroadcastTo(Shape shape) => Map(part => part.BroadcastTo(shape));

    /// <inheritdoc cref="Tensor.Squeeze"/>
    public ComplexTensor Squeeze(params int[] axes) => Map(part => part.Squeeze(axes));

    /// <inheritdoc cref="Tensor.Unsqueeze"/>
    public ComplexTensor Unsqueeze(int axis) => Map(part => part.Unsqueeze(axis));

    /// <inheritdoc cref="Tensor.Narrow"/>
    public ComplexTensor Narrow(int axis, int start, int count) => Map(part => part.Narrow(axis, start, count));

    /// <inheritdoc cref="Tensor.Take(Tensor, int)"/>
    public ComplexTensor Take(Tensor indices, int axis = 0) => Map(part => part.Take(indices, axis));
}
