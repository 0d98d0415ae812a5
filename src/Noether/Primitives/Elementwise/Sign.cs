using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>-1, 0 or 1; NaN stays NaN.</summary>
public sealed record Sign : NumberUnaryPrimitive<Sign, Sign.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => null;

    /// <summary>The formula.</summary>
    public readonly struct Form : INumberUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, ILanes<V> => V.Select(V.Less(V.Constant(0), x), V.Constant(1), V.Select(V.Less(x, V.Constant(0)), V.Constant(-1), x - x));
    }
}
