using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The nearest integral value, ties to even.</summary>
public sealed record Round : UnaryPrimitive<Round, Round.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => null;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => V.Round(x);
    }
}
