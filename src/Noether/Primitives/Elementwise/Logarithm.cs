using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>ln x</c>; -∞ at 0, NaN below.</summary>
public sealed record Logarithm : UnaryPrimitive<Logarithm, Logarithm.Form>
{
    internal override (double Low, double High) Domain => (0.3, 3);

    internal override Tensor? Derivative(Tensor x, Tensor y) => 1 / x;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Log(x);
    }
}
