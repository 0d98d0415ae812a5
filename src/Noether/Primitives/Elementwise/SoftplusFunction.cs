using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>ln(1 + eˣ) = max(x, 0) + log1p(e^-|x|)</c>, without overflow; its derivative is the logistic function, at 0 too.</summary>
public sealed record SoftplusFunction : UnaryPrimitive<SoftplusFunction, SoftplusFunction.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => x.Sigmoid();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Softplus(x);
    }
}
