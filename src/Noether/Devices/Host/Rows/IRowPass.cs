using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>What one sweep over rows makes of each element: of the operands' elements x and z and of two numbers of the row, p and q.</summary>
/// <remarks>
/// A kernel over rows is a few sweeps in turn (the largest, the sum of powers, the quotients), each over memory that the first has brought
/// into the cache. A pass is written once over lanes; <see cref="IRowWay"/> says how lanes lie over rows.
/// </remarks>
internal interface IRowPass
{
    /// <summary>The new value; where a pass has one operand, z is x.</summary>
    static abstract V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V>;
}
