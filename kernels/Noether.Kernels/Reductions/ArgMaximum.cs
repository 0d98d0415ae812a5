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
        // A NaN beats every number. Equal values, or two NaNs, leave the choice to the index: threads hold interleaved elements.
        bool leftNaN = T.IsNaN(left.Value), rightNaN = T.IsNaN(right.Value);
        var leftBetter = left.Value > right.Value || (leftNaN && !rightNaN);
        var rightBetter = right.Value > left.Value || (rightNaN && !leftNaN);
        return leftBetter || (!rightBetter && left.Index < right.Index) ? left : right;
    }

    /// <inheritdoc/>
    public static long Finish(Candidate<T> partial) => partial.Index;
}
