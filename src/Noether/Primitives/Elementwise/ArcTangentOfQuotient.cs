using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>The angle of the point (y, x) in (-π, π]: <c>arctan(x₀/x₁)</c> in the right quadrant.</summary>
public sealed record ArcTangentOfQuotient : BinaryPrimitive<ArcTangentOfQuotient, ArcTangentOfQuotient.Form>
{
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y)
    {
        var square = x[0] * x[0] + x[1] * x[1];
        return i == 0 ? x[1] / square : -x[0] / square;
    }

    /// <summary>The formula.</summary>
    public readonly struct Form : IBinaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Atan2(x, y);
    }
}
