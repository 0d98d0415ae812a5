using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>The larger; NaN if either is.</summary>
public readonly struct RowTop : IRowOperation
{
    /// <inheritdoc/>
    public static V Join<V>(V left, V right)
        where V : unmanaged, IFloatLanes<V> => V.Max(left, right);
}
