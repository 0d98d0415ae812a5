using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>tan x</c>.</summary>
public sealed record Tangent : UnaryPrimitive<Tangent, Tangent.Form>
{
    internal override (double Low, double High) Domain => (-1.2, 1.2);

    internal override Tensor? Derivative(Tensor x, Tensor y) => 1 + y * y;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Tan(x);
    }
}
