namespace Noether.Primitives;

/// <summary>Axis i of the result is axis <c>Axes[i]</c> of the operand.</summary>
/// <param name="Axes">A permutation of 0 … rank-1.</param>
public sealed record Permute(Integers Axes) : ViewPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Permute([1, 0]), Sampling.Values([2, 3])),
        new(new Permute([2, 0, 1]), Sampling.Values([2, 3, 4])),
        new(new Permute([]), Sampling.Values([])),
        new(new Permute([0, 2, 1]), Sampling.Values([2, 0, 3])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new([.. Axes.Select(a => x[0].Shape[a])], x[0].DType)];

    internal override Tensor Transpose(Tensor cotangent, Tensor x)
    {
        var inverse = new int[Axes.Count];
        for (var i = 0; i < inverse.Length; i++) inverse[Axes[i]] = i;
        return Tensor.Apply(new Permute([.. inverse]), cotangent);
    }

    internal override Tensor Batch(Tensor x) => Tensor.Apply(new Permute([0, .. Axes.Select(a => a + 1)]), x);

    internal override Layout AsView(Layout x) => x.Permute(Axes.AsSpan());
}
