using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>arcosh x</c>; NaN below 1.</summary>
public sealed record InverseHyperbolicCosine : UnaryPrimitive<InverseHyperbolicCosine, InverseHyperbolicCosine.Form>
{
    internal override (double Low, double High) Domain => (1.3, 4);

    internal override Tensor? Derivative(Tensor x, Tensor y) => ((x - 1) * (x + 1)).ReciprocalSqrt();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Acosh(x);
    }
}
