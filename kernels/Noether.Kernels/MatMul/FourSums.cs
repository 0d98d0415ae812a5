using System.Numerics;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>The sums of a line with up to four vectors.</summary>
/// <typeparam name="T">The element.</typeparam>
public struct FourSums<T> : IVectorSums<FourSums<T>, T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The sums.</summary>
    public Four<T> Sums;

    /// <inheritdoc/>
    public static FourSums<T> Join(FourSums<T> left, FourSums<T> right) => new() { Sums = Four<T>.Sum(left.Sums, right.Sums) };

    /// <inheritdoc/>
    public static FourSums<T> Of(T a, ArrayView<T> vectors, long at, int depth, int last) => new()
    {
        Sums = new()
        {
            X = a * vectors[at],
            Y = a * vectors[at + (last < 1 ? last : 1) * depth],
            Z = a * vectors[at + (last < 2 ? last : 2) * depth],
            W = a * vectors[at + (last < 3 ? last : 3) * depth],
        },
    };

    /// <inheritdoc/>
    public static FourSums<T> OfFour(Four<T> a, ArrayView<Four<T>> vectors, long at, int depth, int last) => new()
    {
        Sums = new()
        {
            X = Four<T>.Dot(a, vectors[at]),
            Y = Four<T>.Dot(a, vectors[at + (last < 1 ? last : 1) * depth]),
            Z = Four<T>.Dot(a, vectors[at + (last < 2 ? last : 2) * depth]),
            W = Four<T>.Dot(a, vectors[at + (last < 3 ? last : 3) * depth]),
        },
    };

    /// <inheritdoc/>
    public static void Write(FourSums<T> sums, ArrayView<T> y, long at, long step, int count)
    {
        y[at] = sums.Sums.X;
        if (count > 1) y[at + step] = sums.Sums.Y;
        if (count > 2) y[at + 2 * step] = sums.Sums.Z;
        if (count > 3) y[at + 3 * step] = sums.Sums.W;
    }
}
