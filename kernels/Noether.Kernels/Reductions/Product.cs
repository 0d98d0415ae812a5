using System.Numerics;

namespace Noether.Kernels.Reductions;

/// <summary>Π x; of nothing, 1. Integers wrap.</summary>
/// <typeparam name="T">float, double, int, long or byte.</typeparam>
public readonly struct Product<T> : IReduction<T, T, T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public static T Empty => T.One;

    /// <inheritdoc/>
    public static T Lift(T x, long index) => x;

    /// <inheritdoc/>
    public static T Join(T left, T right) => left * right;

    /// <inheritdoc/>
    public static T Finish(T partial) => partial;
}
