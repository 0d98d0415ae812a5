using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The largest or smallest element along an axis, which disappears; NaN if there is one. The first of equals has the derivative.</summary>
/// <param name="Axis">The axis searched; not empty.</param>
/// <param name="Largest">The maximum, else the minimum.</param>
public sealed record Extremum(int Axis, bool Largest) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Extremum(0, true), Sampling.Values([5])),
        new(new Extremum(1, false), Sampling.Values([2, 3, 2])),
        new(new Extremum(1, true), Sampling.Values([0, 3])),
    ];

    /// <summary>Max or Min.</summary>
    public override string Name => Largest ? "Max" : "Min";

    internal override TensorType[] Infer(Tensor[] x) => [new(ExtremumIndex.Remaining(Name, x[0].Shape, Axis), Rules.Number(Name, [x[0].DType]))];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) =>
        [dx[0]?.TakeAlong(Index(x[0]), Axis).Squeeze(Axis)];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        [cotangents[0]!.Unsqueeze(Axis).PutAlong(Index(x[0]), Axis, x[0].Shape[Axis])];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new Extremum(Axis + 1, Largest), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) =>
        Reductions.Evaluate(device, Largest ? Reduction.Max : Reduction.Min, x[0], y[0], Axis, 1);

    private Tensor Index(Tensor x) => Tensor.Apply(new ExtremumIndex(Axis, Largest), x).Unsqueeze(Axis);
}
