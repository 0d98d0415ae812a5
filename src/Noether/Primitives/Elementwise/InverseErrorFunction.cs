using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The x with <c>erf x</c> equal to the operand; NaN outside [-1, 1].</summary>
public sealed record InverseErrorFunction : UnaryPrimitive<InverseErrorFunction, InverseErrorFunction.Form>
{
    internal override (double Low, double High) Domain => (-0.9, 0.9);

    internal override Tensor? Derivative(Tensor x, Tensor y) => (Math.Sqrt(Math.PI) / 2) * (y * y).Exp();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.ErfInverse(x);
    }
}
