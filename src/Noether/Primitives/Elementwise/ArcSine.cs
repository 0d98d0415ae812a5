using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>arcsin x</c>; NaN outside [-1, 1].</summary>
public sealed record ArcSine : UnaryPrimitive<ArcSine, ArcSine.Form>
{
    internal override (double Low, double High) Domain => (-0.9, 0.9);

    internal override Tensor? Derivative(Tensor x, Tensor y) => ((1 - x) * (1 + x)).ReciprocalSqrt();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Asin(x);
    }
}
