using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The larger; NaN if either is.</summary>
/// <typeparam name="V">The element.</typeparam>
public readonly struct RowTop<V> : IJoin<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Join(V left, V right) => V.Max(left, right);
}
