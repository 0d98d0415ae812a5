using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The integral part, towards zero.</summary>
public sealed record Truncate : UnaryPrimitive<Truncate, Truncate.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => null;

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => V.Truncate(x);
    }
}
