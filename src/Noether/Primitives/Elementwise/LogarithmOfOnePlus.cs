using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>ln(1 + x)</c>, accurate near 0.</summary>
public sealed record LogarithmOfOnePlus : UnaryPrimitive<LogarithmOfOnePlus, LogarithmOfOnePlus.Form>
{
    internal override (double Low, double High) Domain => (-0.6, 2);

    internal override Tensor? Derivative(Tensor x, Tensor y) => 1 / (1 + x);

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Log1p(x);
    }
}
