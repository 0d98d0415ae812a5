namespace Noether.Primitives;

/// <summary>Every <c>Steps[i]</c>-th element from <c>Starts[i]</c> along each axis.</summary>
/// <param name="Starts">The first index taken.</param>
/// <param name="Steps">At least 1.</param>
/// <param name="Shape">How many are taken.</param>
public sealed record Slice(Integers Starts, Integers Steps, Shape Shape) : ViewPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Slice([1], [1], [2]), Sampling.Values([4])),
        new(new Slice([1, 0], [2, 3], [2, 2]), Sampling.Values([5, 4])),
        new(new Slice([0, 2], [1, 1], [2, 0]), Sampling.Values([2, 3])),
        new(new Slice([], [], []), Sampling.Values([])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(Shape, x[0].DType)];

    internal override Tensor Transpose(Tensor cotangent, Tensor x)
    {
        int[] high = new int[Starts.Count], interior = new int[Starts.Count];
        for (var axis = 0; axis < high.Length; axis++)
        {
            var spread = Shape[axis] == 0 ? 0 : (Shape[axis] - 1) * Steps[axis] + 1;
            high[axis] = x.Shape[axis] - Starts[axis] - spread;
            interior[axis] = Steps[axis] - 1;
        }

        return Tensor.Apply(new Pad(Starts, [.. interior], [.. high]), cotangent);
    }

    internal override Tensor Batch(Tensor x) =>
        Tensor.Apply(new Slice([0, .. Starts], [1, .. Steps], Shape.Insert(0, x.Shape[0])), x);

    internal override Layout AsView(Layout x) => x.Slice(Starts.AsSpan(), Steps.AsSpan(), Shape);
}
