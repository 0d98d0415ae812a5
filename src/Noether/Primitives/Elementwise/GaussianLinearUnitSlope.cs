using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The derivative of GELU, <c>Φ(x) + x·φ(x)</c> with φ the normal density, in one pass.</summary>
public sealed record GaussianLinearUnitSlope : UnaryPrimitive<GaussianLinearUnitSlope, GaussianLinearUnitSlope.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y)
    {
        var square = x * x;
        return (-0.5 * square).Exp() * (2 - square) * (1 / Math.Sqrt(2 * Math.PI));
    }

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.GeluSlope(x);
    }
}
