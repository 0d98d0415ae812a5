using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>True where x is NaN.</summary>
public sealed record IsNotANumber : PredicatePrimitive<IsNotANumber, IsNotANumber.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IPredicateForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => V.MaskNot(V.Equal(x, x));
    }
}
