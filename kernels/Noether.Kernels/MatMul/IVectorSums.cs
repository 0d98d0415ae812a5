using System.Numerics;
using ILGPU;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.MatMul;

/// <summary>The sums of one line of a matrix with a few vectors, in registers.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
/// <typeparam name="T">The element.</typeparam>
public interface IVectorSums<TSelf, T> : IJoin<TSelf>
    where TSelf : unmanaged, IVectorSums<TSelf, T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The products of an element with each vector's.</summary>
    /// <param name="a">The element.</param>
    /// <param name="vectors">The vectors' memory.</param>
    /// <param name="at">The place of the first one's element.</param>
    /// <param name="depth">From one to the next.</param>
    /// <param name="last">The number of the last one; beyond it, it is taken again.</param>
    static abstract TSelf Of(T a, ArrayView<T> vectors, long at, int depth, int last);

    /// <summary>The sums of the products of four neighbours, places in fours.</summary>
    /// <inheritdoc cref="Of(T, ArrayView{T}, long, int, int)"/>
    static abstract TSelf OfFour(Four<T> a, ArrayView<Four<T>> vectors, long at, int depth, int last);

    /// <summary>Writes the sum of each vector.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="y">The results' memory.</param>
    /// <param name="at">The place of the first one's.</param>
    /// <param name="step">From one to the next.</param>
    /// <param name="count">How many there are.</param>
    static abstract void Write(TSelf sums, ArrayView<T> y, long at, long step, int count);
}
