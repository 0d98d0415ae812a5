using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The moments of both by Chan, Golub and LeVeque's formula (1979): nothing cancels, as it would in Σ x² - n·mean².</summary>
internal readonly struct MomentsJoin<V> : IJoin<Moments<V>>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static Moments<V> Join(Moments<V> left, Moments<V> right)
    {
        V count = left.Count + right.Count, share = right.Count / count, distance = right.Mean - left.Mean;
        return new() { Count = count, Mean = left.Mean + distance * share, Squares = left.Squares + right.Squares + distance * distance * (left.Count * share) };
    }
}
