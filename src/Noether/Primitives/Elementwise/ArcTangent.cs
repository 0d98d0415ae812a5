using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>arctan x</c>.</summary>
public sealed record ArcTangent : UnaryPrimitive<ArcTangent, ArcTangent.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => 1 / (1 + x * x);

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Atan(x);
    }
}
