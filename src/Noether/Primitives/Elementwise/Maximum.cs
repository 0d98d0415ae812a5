using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The larger of x and y; NaN if either is. Where they are equal, each has half the derivative.</summary>
public sealed record Maximum : NumberBinaryPrimitive<Maximum, Maximum.Form>
{
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => Share(x[i] > x[1 - i], x[i].Equal(x[1 - i]), y.DType);

    internal static Tensor Share(Tensor wins, Tensor ties, DType type) => wins.To(type) + 0.5 * ties.To(type);

    /// <summary>The formula.</summary>
    public readonly struct Form : INumberBinaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.Max(x, y);
    }
}
