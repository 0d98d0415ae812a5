using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>What a part of a row adds to Σ eˣ.</summary>
/// <typeparam name="V">The element.</typeparam>
public struct PowerSums<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>The largest.</summary>
    public V Top;

    /// <summary>Σ e^(x - Top); 0 where all are -∞.</summary>
    public V Sum;

    /// <summary>Σ (x - p) with a number p of the row, where it is asked for.</summary>
    public V Distance;
}
