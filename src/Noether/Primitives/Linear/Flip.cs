namespace Noether.Primitives;

/// <summary>Reverses the order along axes.</summary>
/// <param name="Axes">The axes reversed.</param>
public sealed record Flip(Integers Axes) : ViewPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Flip([0]), Sampling.Values([3])),
        new(new Flip([0, 1]), Sampling.Values([2, 3])),
        new(new Flip([1]), Sampling.Values([2, 0])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, x[0].DType)];

    internal override Tensor Transpose(Tensor cotangent, Tensor x) => Tensor.Apply(this, cotangent);

    internal override Tensor Batch(Tensor x) => Tensor.Apply(new Flip([.. Axes.Select(a => a + 1)]), x);

    internal override Layout AsView(Layout x)
    {
        int[] starts = new int[x.Shape.Rank], steps = new int[x.Shape.Rank];
        Array.Fill(steps, 1);
        foreach (var axis in Axes) (starts[axis], steps[axis]) = (x.Shape[axis] - 1, -1);
        return x.Slice(starts, steps, x.Shape);
    }
}
