using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>tanh x</c>; the derivative is read off the output.</summary>
public sealed record HyperbolicTangent : UnaryPrimitive<HyperbolicTangent, HyperbolicTangent.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => 1 - y * y;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Tanh(x);
    }
}
