using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>eˣ</c>.</summary>
public sealed record Exponential : UnaryPrimitive<Exponential, Exponential.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => y;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Exp(x);
    }
}
