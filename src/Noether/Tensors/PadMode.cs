namespace Noether;

/// <summary>What <see cref="Tensor.Pad(ReadOnlySpan{ValueTuple{int, int}}, PadMode, Scalar?)"/> puts around a tensor. Examples: two on each side of <c>a b c d</c>.</summary>
public enum PadMode
{
    /// <summary>One number: <c>0 0 a b c d 0 0</c>.</summary>
    Constant,

    /// <summary>The mirror image without the edge: <c>c b a b c d c b</c>.</summary>
    Reflect,

    /// <summary>The edge: <c>a a a b c d d d</c>.</summary>
    Replicate,

    /// <summary>The other end: <c>c d a b c d a b</c>.</summary>
    Circular,
}
