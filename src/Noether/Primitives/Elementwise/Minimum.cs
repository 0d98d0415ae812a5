using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The smaller of x and y; NaN if either is. Where they are equal, each has half the derivative.</summary>
public sealed record Minimum : NumberBinaryPrimitive<Minimum, Minimum.Form>
{
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => Maximum.Share(x[i] < x[1 - i], x[i].Equal(x[1 - i]), y.DType);

    /// <summary>The formula.</summary>
    public readonly struct Form : INumberBinaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.Min(x, y);
    }
}
