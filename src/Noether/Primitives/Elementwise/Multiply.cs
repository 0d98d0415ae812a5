using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>x·y</c>.</summary>
public sealed record Multiply : NumberBinaryPrimitive<Multiply, Multiply.Form>
{
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => x[1 - i];

    /// <summary>The formula.</summary>
    public readonly struct Form : INumberBinaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => x * y;
    }
}
