using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Adds values at integer positions of a zero tensor: <c>y[a…, index[i…], b…] += x[a…, i…, b…]</c>, in order, so equal on every run
/// unless the device is asked for <see cref="ScatterOrder.Atomic"/>. The transpose of <see cref="Take"/>.
/// </summary>
/// <param name="Axis">The axis that the index's axes become.</param>
/// <param name="N">The size of that axis.</param>
public sealed record ScatterAdd(int Axis, int N) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new ScatterAdd(0, 4), Sampling.Values([6]), Sampling.Indices([6], 4)),
        new(new ScatterAdd(1, 3), Sampling.Values([2, 2, 2, 2]), Sampling.Indices([2, 2], 3)),
        new(new ScatterAdd(0, 3), Sampling.Values([2]), Sampling.Indices([], 3)),
        new(new ScatterAdd(0, 3), Sampling.Values([0, 2]), Sampling.Indices([0], 3)),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        if (!x[1].DType.IsInteger()) throw new DTypeException($"ScatterAdd: indices are {x[1].DType.Name()}, not int32 or int64");
        var after = Axis + x[1].Rank;
        if (after > x[0].Rank || !x[0].Shape[Axis..after].Equals(x[1].Shape))
            throw new ShapeException($"ScatterAdd: values {x[0].Shape} do not hold indices {x[1].Shape} at axis {Axis}");
        return [new([.. x[0].Shape.AsSpan()[..Axis], N, .. x[0].Shape.AsSpan()[after..]], Rules.Number(Name, [x[0].DType]))];
    }

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) =>
        [Tensor.Apply(new Take(Axis), cotangents[0], x[1])];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        if (!batched[1]) return [Tensor.Apply(new ScatterAdd(Axis + 1, N), x)];
        var values = WithBatch(x[0], batched[0], size).MoveAxis(0, Axis);
        var y = Tensor.Apply(new ScatterAdd(Axis, size * N), values, Take.Shifted(x[1], N, size));
        return [y.Reshape([.. y.Shape.AsSpan()[..Axis], size, N, .. y.Shape.AsSpan()[(Axis + 1)..]]).MoveAxis(Axis, 0)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, n, inner) = Take.Split(y[0].Shape, Axis);
        device.Zero(y[0]);
        device.ScatterAdd(x[0], x[1], y[0], outer, n, inner);
    }
}
