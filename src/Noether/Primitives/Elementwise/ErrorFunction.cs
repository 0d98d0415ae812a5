using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>erf x = 2/√π ∫₀ˣ e^(-t²) dt</c>.</summary>
public sealed record ErrorFunction : UnaryPrimitive<ErrorFunction, ErrorFunction.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => (2 / Math.Sqrt(Math.PI)) * (-(x * x)).Exp();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Erf(x);
    }
}
