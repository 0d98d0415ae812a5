using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Whether all, or any, of the truth values over neighbouring axes are true; of none: all, not any.</summary>
/// <param name="Axis">The first axis, which disappears.</param>
/// <param name="Count">How many do.</param>
/// <param name="Every">All, else any.</param>
public sealed record Quantifier(int Axis, int Count, bool Every) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Quantifier(0, 1, true), Sampling.Values([5]) > -3),
        new(new Quantifier(1, 1, false), Sampling.Values([2, 3, 2]) > 1),
        new(new Quantifier(0, 2, true), Sampling.Values([2, 3, 2]) > 0),
        new(new Quantifier(1, 1, false), Sampling.Values([2, 0]) > 0),
        new(new Quantifier(0, 0, true), Sampling.Values([2]) > 0),
    ];

    /// <summary>All or Any.</summary>
    public override string Name => Every ? "All" : "Any";

    internal override TensorType[] Infer(Tensor[] x) =>
        x[0].DType == DType.Bool
            ? [new(Reductions.Remaining(x[0].Shape, Axis, Count), DType.Bool)]
            : throw new DTypeException($"{Name}: takes bool, not {x[0].DType.Name()}");

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => [null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new Quantifier(Axis + 1, Count, Every), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) =>
        Reductions.Evaluate(device, Every ? Reduction.All : Reduction.Any, x[0], y[0], Axis, Count);
}
