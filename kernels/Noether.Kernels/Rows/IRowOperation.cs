using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>What joins the parts of a row: associative and commutative, up to rounding.</summary>
public interface IRowOperation
{
    /// <summary>Two parts as one.</summary>
    static abstract V Join<V>(V left, V right)
        where V : unmanaged, IFloatLanes<V>;
}
