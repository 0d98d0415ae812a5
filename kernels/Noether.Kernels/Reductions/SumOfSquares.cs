using System.Numerics;

namespace Noether.Kernels.Reductions;

/// <summary>Σ x²; of nothing, 0. Integers wrap.</summary>
/// <typeparam name="T">float, double, int or long.</typeparam>
public readonly struct SumOfSquares<T> : IReduction<T, T, T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public static T Empty => T.Zero;

    /// <inheritdoc/>
    public static T Lift(T x, long index) => x * x;

    /// <inheritdoc/>
    public static T Join(T left, T right) => left + right;

    /// <inheritdoc/>
    public static T Finish(T partial) => partial;
}
