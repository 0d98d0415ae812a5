using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>arsinh x</c>.</summary>
public sealed record InverseHyperbolicSine : UnaryPrimitive<InverseHyperbolicSine, InverseHyperbolicSine.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => (1 + x * x).ReciprocalSqrt();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Asinh(x);
    }
}
