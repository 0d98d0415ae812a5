using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary><c>sinh x</c>.</summary>
public sealed record HyperbolicSine : UnaryPrimitive<HyperbolicSine, HyperbolicSine.Form>
{
    internal override Tensor? Derivative(Tensor x, Tensor y) => x.Cosh();

    /// <summary>The formula.</summary>
    public readonly struct Form : IUnaryForm
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => Elementary.Sinh(x);
    }
}
