using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>-x</c>.</summary>
public sealed record Negate : NumberUnaryPrimitive<Negate, Negate.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => -y.OnesLike();

    /// <summary>The formula.</summary>
    public readonly struct Form : INumberUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, ILanes<V> => -x;
    }
}
