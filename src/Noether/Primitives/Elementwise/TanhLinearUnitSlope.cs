using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The derivative of GELU's approximation by tanh, <c>σ(u) + x·σ(u)·σ(-u)·u'</c> with <c>u = √(8/π)·(x + 0.044715·x³)</c>, in one pass.</summary>
public sealed record TanhLinearUnitSlope : UnaryPrimitive<TanhLinearUnitSlope, TanhLinearUnitSlope.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y)
    {
        // (x·σ(u))″ = σ′·(2u′ + x·u″ + x·u′²·(1 - 2σ)) with σ′ = σ·(1 - σ); below, u in units of √(8/π)
        const double cubic = 0.044715;
        var scale = Math.Sqrt(8 / Math.PI);
        var square = x * x;
        var sigma = (scale * x * (1 + cubic * square)).Sigmoid();
        var slope = scale * (1 + 3 * cubic * square);
        return sigma * (1 - sigma) * (2 * slope + 6 * cubic * scale * square + x * slope * slope * (1 - 2 * sigma));
    }

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.GeluTanhSlope(x);
    }
}
