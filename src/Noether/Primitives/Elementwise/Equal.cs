using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>True where <c>x = y</c>; NaN equals nothing.</summary>
public sealed record Equal : ComparisonPrimitive<Equal, Equal.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IComparisonForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.Equal(x, y);
    }
}
