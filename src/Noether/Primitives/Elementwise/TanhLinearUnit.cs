using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>GELU's approximation by tanh, <c>½x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) = x·σ(u)</c>, in one pass.</summary>
public sealed record TanhLinearUnit : UnaryPrimitive<TanhLinearUnit, TanhLinearUnit.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => Tensor.Apply(TanhLinearUnitSlope.Instance, x);

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.GeluTanh(x);
    }
}
