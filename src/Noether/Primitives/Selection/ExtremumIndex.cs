using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The position (int64) of the largest or smallest element along an axis, which disappears: the first of equals, or of NaN.</summary>
/// <param name="Axis">The axis searched; not empty.</param>
/// <param name="Largest">The maximum, else the minimum.</param>
public sealed record ExtremumIndex(int Axis, bool Largest) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new ExtremumIndex(0, true), Sampling.Values([5])),
        new(new ExtremumIndex(1, false), Sampling.Values([2, 3, 2])),
        new(new ExtremumIndex(1, true), Sampling.Values([0, 3])),
    ];

    /// <summary>ArgMax or ArgMin.</summary>
    public override string Name => Largest ? "ArgMax" : "ArgMin";

    internal override TensorType[] Infer(Tensor[] x)
    {
        Rules.Number(Name, [x[0].DType]);
        return [new(Remaining(Name, x[0].Shape, Axis), DType.Int64)];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => [null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new ExtremumIndex(Axis + 1, Largest), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) =>
        Reductions.Evaluate(device, Largest ? Reduction.ArgMax : Reduction.ArgMin, x[0], y[0], Axis, 1);

    internal static Shape Remaining(string name, Shape shape, int axis) =>
        shape[axis] == 0 && shape.Without(axis).Size > 0
            ? throw new ShapeException($"{name}: axis {axis} of {shape} is empty and has no extremum")
            : shape.Without(axis);
}
