using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The sum of two lanes.</summary>
internal readonly struct LaneSum<V> : IJoin<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Join(V left, V right) => left + right;
}
