using System.Numerics;

namespace Noether.Kernels.Reductions;

/// <summary>The index of the first largest element; of the first NaN if there is one.</summary>
/// <typeparam name="T">float, double, int, long or byte.</typeparam>
public readonly struct ArgMaximum<T> : IReduction<T, Candidate<T>, long>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public static Candidate<T> Empty => default;

    /// <inheritdoc/>
    public static Candidate<T> Lift(T x, long index) => new() { Index = index, Value = x };

    /// <inheritdoc/>
    public static Candidate<T> Join(Candidate<T> left, Candidate<T> right)
    {
        // A NaN beats every number; equal values, or two NaNs, leave the choice to the index, for threads hold interleaved elements.
        // NaNs are asked for first: where ILGPU 1.5.3 inverts a comparison, its OpenCL code forgets that NaNs compare false.
        bool leftNaN = T.IsNaN(left.Value), rightNaN = T.IsNaN(right.Value);
        if (leftNaN != rightNaN) return leftNaN ? left : right;
        if (leftNaN || left.Value == right.Value) return left.Index < right.Index ? left : right;
        return left.Value > right.Value ? left : right;
    }

    /// <inheritdoc/>
    public static long Finish(Candidate<T> partial) => partial.Index;
}
