using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>|x|</c>; the derivative is the sign, 0 at 0.</summary>
public sealed record Absolute : NumberUnaryPrimitive<Absolute, Absolute.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => x.Sign();

    /// <summary>The formula.</summary>
    public readonly struct Form : INumberUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, ILanes<V> => V.Abs(x);
    }
}
