using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>Bitwise or; logical or of bool.</summary>
public sealed record BitwiseOr : IntegerPrimitive<BitwiseOr, BitwiseOr.Form>
{
    internal override bool TakesBool => true;

    /// <summary>The formula.</summary>
    public readonly struct Form : IIntegerForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IIntegerLanes<V> => x | y;
    }
}
