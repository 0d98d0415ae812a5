using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>Bits of x moved right by y, filled with zeros; 0 ≤ y &lt; bits.</summary>
public sealed record ShiftRightLogical : IntegerPrimitive<ShiftRightLogical, ShiftRightLogical.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IIntegerForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IIntegerLanes<V> => V.ShiftRightLogical(x, y);
    }
}
