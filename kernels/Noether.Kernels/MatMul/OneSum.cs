using System.Numerics;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>The sum of a line with one vector.</summary>
/// <typeparam name="T">The element.</typeparam>
public struct OneSum<T> : IVectorSums<OneSum<T>, T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The sum.</summary>
    public T X;

    /// <inheritdoc/>
    public static OneSum<T> Join(OneSum<T> left, OneSum<T> right) => new() { X = left.X + right.X };

    /// <inheritdoc/>
    public static OneSum<T> Of(T a, ArrayView<T> vectors, long at, int depth, int last) => new() { X = a * vectors[at] };

    /// <inheritdoc/>
    public static OneSum<T> OfFour(Four<T> a, ArrayView<Four<T>> vectors, long at, int depth, int last) => new() { X = Four<T>.Dot(a, vectors[at]) };

    /// <inheritdoc/>
    public static void Write(OneSum<T> sums, ArrayView<T> y, long at, long step, int count) => y[at] = sums.X;
}
