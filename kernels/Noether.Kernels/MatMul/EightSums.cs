using System.Numerics;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>The sums of a line with five to eight vectors.</summary>
/// <typeparam name="T">The element.</typeparam>
public struct EightSums<T> : IVectorSums<EightSums<T>, T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Those of the first four.</summary>
    public FourSums<T> Lower;

    /// <summary>Those of the others.</summary>
    public FourSums<T> Upper;

    /// <inheritdoc/>
    public static EightSums<T> Join(EightSums<T> left, EightSums<T> right) =>
        new() { Lower = FourSums<T>.Join(left.Lower, right.Lower), Upper = FourSums<T>.Join(left.Upper, right.Upper) };

    /// <inheritdoc/>
    public static EightSums<T> Of(T a, ArrayView<T> vectors, long at, int depth, int last) =>
        new() { Lower = FourSums<T>.Of(a, vectors, at, depth, 3), Upper = FourSums<T>.Of(a, vectors, at + 4 * depth, depth, last - 4) };

    /// <inheritdoc/>
    public static EightSums<T> OfFour(Four<T> a, ArrayView<Four<T>> vectors, long at, int depth, int last) =>
        new() { Lower = FourSums<T>.OfFour(a, vectors, at, depth, 3), Upper = FourSums<T>.OfFour(a, vectors, at + 4 * depth, depth, last - 4) };

    /// <inheritdoc/>
    public static void Write(EightSums<T> sums, ArrayView<T> y, long at, long step, int count)
    {
        FourSums<T>.Write(sums.Lower, y, at, step, 4);
        FourSums<T>.Write(sums.Upper, y, at + 4 * step, step, count - 4);
    }
}
