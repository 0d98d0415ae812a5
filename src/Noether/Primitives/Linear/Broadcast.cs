namespace Noether.Primitives;

/// <summary>NumPy broadcasting: axes of size 1 stretch and missing leading axes appear, without copying.</summary>
/// <param name="Shape">The shape broadcast to.</param>
public sealed record Broadcast(Shape Shape) : ViewPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Broadcast([2, 3]), Sampling.Values([3])),
        new(new Broadcast([2, 3]), Sampling.Values([2, 1])),
        new(new Broadcast([2, 3]), Sampling.Values([])),
        new(new Broadcast([4, 2, 3]), Sampling.Values([1, 2, 1])),
        new(new Broadcast([0, 3]), Sampling.Values([1, 3])),
    ];

    internal override TensorType[] Infer(Tensor[] x) =>
        Shape.Equals(Noether.Shape.Broadcast(x[0].Shape, Shape))
            ? [new(Shape, x[0].DType)]
            : throw new ShapeException($"BroadcastTo: {x[0].Shape} does not broadcast to {Shape}");

    internal override Tensor Transpose(Tensor cotangent, Tensor x)
    {
        var extra = Shape.Rank - x.Rank;
        var stretched = Enumerable.Range(0, Shape.Rank).Where(axis => axis < extra || (x.Shape[axis - extra] == 1 && Shape[axis] != 1));
        return cotangent.Sum([.. stretched]).Reshape(x.Shape);
    }

    internal override Tensor Batch(Tensor x)
    {
        var size = x.Shape[0];
        var padded = x.Reshape([size, .. Enumerable.Repeat(1, Shape.Rank - (x.Rank - 1)), .. x.Shape.AsSpan()[1..]]);
        return padded.BroadcastTo(Shape.Insert(0, size));
    }

    internal override Layout AsView(Layout x) => x.BroadcastTo(Shape);
}
