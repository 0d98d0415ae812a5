using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>xʸ</c>; NaN for negative x and fractional y. The derivative in y at x = 0 is taken as 0.</summary>
public sealed record Power : BinaryPrimitive<Power, Power.Form>
{
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) =>
        i == 0
            ? x[1] * x[0].Pow(x[1] - 1)
            : y * Tensor.Select(x[0] > 0, x[0], 1).Log();

    /// <summary>The formula.</summary>
    public readonly struct Form : IBinaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Pow(x, y);
    }
}
