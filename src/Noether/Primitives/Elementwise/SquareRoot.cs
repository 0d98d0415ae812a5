using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>√x</c>, correctly rounded; NaN below zero.</summary>
public sealed record SquareRoot : UnaryPrimitive<SquareRoot, SquareRoot.Form>
{
    internal override (double Low, double High) Domain => (0.3, 3);

    internal override Tensor? Derivative(Tensor x, Tensor y) => 0.5 / y;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => V.Sqrt(x);
    }
}
