using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>Both sums.</summary>
internal readonly struct GradientSumsJoin<V> : IJoin<GradientSums<V>>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static GradientSums<V> Join(GradientSums<V> left, GradientSums<V> right) => GradientSums<V>.Join(left, right);
}
