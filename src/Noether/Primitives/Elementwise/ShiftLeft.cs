using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>x · 2^y</c>, by shifting bits; 0 ≤ y &lt; bits.</summary>
public sealed record ShiftLeft : IntegerPrimitive<ShiftLeft, ShiftLeft.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IIntegerForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IIntegerLanes<V> => V.ShiftLeft(x, y);
    }
}
