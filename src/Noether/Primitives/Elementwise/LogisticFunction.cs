using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>1 / (1 + e⁻ˣ)</c>.</summary>
public sealed record LogisticFunction : UnaryPrimitive<LogisticFunction, LogisticFunction.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => y * (1 - y);

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Sigmoid(x);
    }
}
