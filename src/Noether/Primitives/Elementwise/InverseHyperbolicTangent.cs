using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>artanh x</c>; NaN outside [-1, 1].</summary>
public sealed record InverseHyperbolicTangent : UnaryPrimitive<InverseHyperbolicTangent, InverseHyperbolicTangent.Form>
{
    internal override (double Low, double High) Domain => (-0.8, 0.8);

    internal override Tensor? Derivative(Tensor x, Tensor y) => 1 / ((1 - x) * (1 + x));

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Atanh(x);
    }
}
