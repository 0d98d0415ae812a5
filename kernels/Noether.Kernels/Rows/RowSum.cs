using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The sum.</summary>
/// <typeparam name="V">The element.</typeparam>
public readonly struct RowSum<V> : IJoin<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Join(V left, V right) => left + right;
}
