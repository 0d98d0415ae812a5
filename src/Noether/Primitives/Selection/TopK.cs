using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The first elements along an axis in order, and their positions (int64): all of them sort it. Of equals the first come first, NaN is the greatest.</summary>
/// <param name="Axis">The axis searched.</param>
/// <param name="Count">How many; at most the axis's size.</param>
/// <param name="Descending">The largest first, else the smallest.</param>
public sealed record TopK(int Axis, int Count, bool Descending) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new TopK(0, 3, true), Sampling.Values([7])),
        new(new TopK(1, 5, false), Sampling.Values([2, 5, 3])),
        new(new TopK(1, 2, false), Sampling.Values([2, 5, 3])),
        new(new TopK(0, 4, true), Sampling.Indices([9], 4)),
        new(new TopK(1, 0, true), Sampling.Values([2, 3])),
        new(new TopK(1, 0, true), Sampling.Values([2, 0])),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        if (Count > x[0].Shape[Axis]) throw new ShapeException($"TopK: axis {Axis} of {x[0].Shape} does not have {Count} elements");
        var shape = x[0].Shape.Without(Axis).Insert(Axis, Count);
        return [new(shape, x[0].DType), new(shape, DType.Int64)];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [dx[0]?.TakeAlong(y[1], Axis), null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Tensor.ApplyMany(this with { Axis = Axis + 1 }, x[0]);

    internal override Tensor[] Definition(Tensor[] x)
    {
        var order = Tensor.Apply(new ArgSort(Axis, Descending), x[0]).Narrow(Axis, 0, Count);
        return [x[0].TakeAlong(order, Axis), order];
    }

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, n, inner) = Take.Split(x[0].Shape, Axis);
        device.TopK(Count, Descending, x[0], y[0], y[1], outer, n, inner);
    }
}
