using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>What is known of some numbers: how many, their mean, and the sum of squared distances from it.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct Moments<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>How many.</summary>
    public V Count;

    /// <summary>Their mean.</summary>
    public V Mean;

    /// <summary>Σ (x - mean)².</summary>
    public V Squares;
}
