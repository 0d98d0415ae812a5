using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>Bits of x moved right by y, filled with the sign; 0 ≤ y &lt; bits.</summary>
public sealed record ShiftRight : IntegerPrimitive<ShiftRight, ShiftRight.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IIntegerForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IIntegerLanes<V> => V.ShiftRight(x, y);
    }
}
