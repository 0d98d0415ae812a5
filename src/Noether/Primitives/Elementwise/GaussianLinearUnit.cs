using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>GELU, <c>x·Φ(x)</c> with Φ the normal distribution function (Hendrycks and Gimpel 2016), in one pass and without cancellation.</summary>
public sealed record GaussianLinearUnit : UnaryPrimitive<GaussianLinearUnit, GaussianLinearUnit.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => Tensor.Apply(GaussianLinearUnitSlope.Instance, x);

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Gelu(x);
    }
}
