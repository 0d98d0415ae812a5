using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>∛x</c>, of either sign.</summary>
public sealed record CubeRoot : UnaryPrimitive<CubeRoot, CubeRoot.Form>
{
    internal override (double Low, double High) Domain => (0.3, 3);

    internal override Tensor? Derivative(Tensor x, Tensor y) => 1 / (3 * y * y);

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Cbrt(x);
    }
}
