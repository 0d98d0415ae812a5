using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>erfc x = 1 - erf x</c>, accurate where it is small.</summary>
public sealed record ComplementaryErrorFunction : UnaryPrimitive<ComplementaryErrorFunction, ComplementaryErrorFunction.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => (-2 / Math.Sqrt(Math.PI)) * (-(x * x)).Exp();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Erfc(x);
    }
}
