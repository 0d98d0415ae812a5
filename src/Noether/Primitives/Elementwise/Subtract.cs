using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>x - y</c>.</summary>
public sealed record Subtract : NumberBinaryPrimitive<Subtract, Subtract.Form>
{
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => i == 0 ? y.OnesLike() : -y.OnesLike();

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) =>
        [dx[0] is null ? -dx[1]! : dx[1] is null ? dx[0] : dx[0]! - dx[1]!];

    // The slopes are ±1: no product.
    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        [wanted[0] ? cotangents[0] : null, wanted[1] ? -cotangents[0]! : null];

    /// <summary>The formula.</summary>
    public readonly struct Form : INumberBinaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => x - y;
    }
}
