using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>The sum.</summary>
public readonly struct RowSum : IRowOperation
{
    /// <inheritdoc/>
    public static V Join<V>(V left, V right)
        where V : unmanaged, IFloatLanes<V> => left + right;
}
