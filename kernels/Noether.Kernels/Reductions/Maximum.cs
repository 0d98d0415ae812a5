using System.Numerics;

namespace Noether.Kernels.Reductions;

/// <summary>The largest element; NaN if one is NaN. Of nothing it means nothing: callers refuse that.</summary>
/// <typeparam name="T">float, double, int, long or byte.</typeparam>
public readonly struct Maximum<T> : IReduction<T, T, T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public static T Empty => T.Zero;

    /// <inheritdoc/>
    public static T Lift(T x, long index) => x;

    // NaNs are asked for first: where ILGPU 1.5.3 inverts a comparison, its OpenCL code forgets that NaNs compare false.
    /// <inheritdoc/>
    public static T Join(T left, T right) => T.IsNaN(left) ? left : T.IsNaN(right) ? right : left >= right ? left : right;

    /// <inheritdoc/>
    public static T Finish(T partial) => partial;
}
