using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>eˣ - 1</c>, accurate near 0.</summary>
public sealed record ExponentialMinusOne : UnaryPrimitive<ExponentialMinusOne, ExponentialMinusOne.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => y + 1;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Expm1(x);
    }
}
