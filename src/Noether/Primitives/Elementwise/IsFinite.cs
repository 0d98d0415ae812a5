using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>True where x is neither infinite nor NaN.</summary>
public sealed record IsFinite : PredicatePrimitive<IsFinite, IsFinite.Form>
{
    /// <summary>The formula.</summary>
    public readonly struct Form : IPredicateForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => V.Less(V.Abs(x), V.Constant(double.PositiveInfinity));
    }
}
