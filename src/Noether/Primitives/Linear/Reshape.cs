namespace Noether.Primitives;

/// <summary>The same elements in row-major order under another shape of equal size.</summary>
/// <param name="Shape">The new shape.</param>
public sealed record Reshape(Shape Shape) : ViewPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Reshape([3, 2]), Sampling.Values([2, 3])),
        new(new Reshape([6]), Sampling.Values([2, 1, 3])),
        new(new Reshape([]), Sampling.Values([1, 1])),
        new(new Reshape([0]), Sampling.Values([2, 0])),
        new(new Reshape([2, 2, 2, 1]), Sampling.Values([4, 2])),
    ];

    internal override TensorType[] Infer(Tensor[] x) =>
        x[0].Size == Shape.Size
            ? [new(Shape, x[0].DType)]
            : throw new ShapeException($"Reshape: {x[0].Shape} has {x[0].Size} elements, {Shape} has {Shape.Size}");

    internal override Tensor Transpose(Tensor cotangent, Tensor x) => cotangent.Reshape(x.Shape);

    internal override Tensor Batch(Tensor x) => x.Reshape(Shape.Insert(0, x.Shape[0]));

    internal override Layout? AsView(Layout x) => x.Reshape(Shape);
}
