using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>sin x</c>.</summary>
public sealed record Sine : UnaryPrimitive<Sine, Sine.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => x.Cos();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Sin(x);
    }
}
