using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>Sums of powers below either largest, as one below the larger (Milakov and Gimelshein, 2018).</summary>
internal readonly struct PowerSumsJoin<V> : IJoin<PowerSums<V>>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static PowerSums<V> Join(PowerSums<V> left, PowerSums<V> right)
    {
        var top = V.Max(left.Top, right.Top);
        return new() { Top = top, Sum = Below(left, top) + Below(right, top), Distance = left.Distance + right.Distance };
    }

    // The first case is there for infinities, whose difference from themselves is NaN.
    private static V Below(PowerSums<V> part, V top) =>
        V.Select(V.Equal(part.Top, top), part.Sum, part.Sum * Elementary.ExpOfNonPositive(part.Top - top));
}
