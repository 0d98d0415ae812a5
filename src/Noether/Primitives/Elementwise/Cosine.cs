using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>cos x</c>.</summary>
public sealed record Cosine : UnaryPrimitive<Cosine, Cosine.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => -x.Sin();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Cos(x);
    }
}
