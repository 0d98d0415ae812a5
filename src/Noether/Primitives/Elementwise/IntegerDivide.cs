using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The quotient rounded towards zero; 0 where y is 0.</summary>
public sealed record IntegerDivide : IntegerPrimitive<IntegerDivide, IntegerDivide.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IIntegerForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IIntegerLanes<V> => V.Divide(x, y);
    }
}
