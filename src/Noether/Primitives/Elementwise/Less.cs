using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>True where <c>x &lt; y</c>.</summary>
public sealed record Less : ComparisonPrimitive<Less, Less.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IComparisonForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.Less(x, y);
    }
}
