using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>x / y</c>, correctly rounded.</summary>
public sealed record Divide : BinaryPrimitive<Divide, Divide.Form>
{
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => i == 0 ? 1 / x[1] : -y / x[1];

    /// <summary>The formula.</summary>
    public readonly struct Form : IBinaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V> => x / y;
    }
}
