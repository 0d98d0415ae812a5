using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Σ x² over neighbouring axes, which disappear: the squares are never stored.</summary>
/// <param name="Axis">The first axis.</param>
/// <param name="Count">How many.</param>
public sealed record SumOfSquares(int Axis, int Count) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new SumOfSquares(0, 1), Sampling.Values([5])),
        new(new SumOfSquares(1, 1), Sampling.Values([2, 3, 4])),
        new(new SumOfSquares(0, 2), Sampling.Values([2, 3, 4])),
        new(new SumOfSquares(1, 1), Sampling.Values([2, 0])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(Reductions.Remaining(x[0].Shape, Axis, Count), Rules.Number(Name, [x[0].DType]))];

    internal override Tensor[] Define(Tensor[] x) => [x[0].Square().Sum([.. Enumerable.Range(Axis, Count)])];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new SumOfSquares(Axis + 1, Count), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) => Reductions.Evaluate(device, Reduction.SumOfSquares, x[0], y[0], Axis, Count);
}
