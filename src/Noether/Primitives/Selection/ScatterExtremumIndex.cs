using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Of the elements written to each position, the number (int64) of the largest or smallest: of those i with <c>index[i] = r</c>,
/// <c>y[a…, r, b…]</c> is the one whose <c>x[a…, i, b…]</c> is extreme, the first of equals or of NaN, and -1 if there is none.
/// </summary>
/// <param name="Axis">The axis of x that the index, a vector, goes along.</param>
/// <param name="N">Its size in the result.</param>
/// <param name="Largest">The maximum, else the minimum.</param>
public sealed record ScatterExtremumIndex(int Axis, int N, bool Largest) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new ScatterExtremumIndex(0, 4, true), Sampling.Values([6]), Sampling.Indices([6], 4)),
        new(new ScatterExtremumIndex(1, 3, false), Sampling.Values([2, 5, 2]), Sampling.Indices([5], 2)),
        new(new ScatterExtremumIndex(0, 2, true), Sampling.Values([0, 3]), Sampling.Indices([0], 2)),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        Rules.Number(Name, [x[0].DType]);
        if (!x[1].DType.IsInteger()) throw new DTypeException($"{Name}: indices are {x[1].DType.Name()}, not int32 or int64");
        return x[1].Rank == 1 && Axis < x[0].Rank && x[0].Shape[Axis] == x[1].Shape[0]
            ? [new(x[0].Shape.With(Axis, N), DType.Int64)]
            : throw new ShapeException($"{Name}: indices {x[1].Shape} do not go along axis {Axis} of {x[0].Shape}");
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => [null, null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        if (!batched[1]) return [Tensor.Apply(new ScatterExtremumIndex(Axis + 1, N, Largest), x)];

        // One long axis for the whole batch, each member writing its own part of it.
        var count = x[1].Shape[1];
        var values = WithBatch(x[0], batched[0], size).MoveAxis(0, Axis);
        var rest = values.Shape.AsSpan();
        var y = Tensor.Apply(
            new ScatterExtremumIndex(Axis, size * N, Largest),
            values.Reshape([.. rest[..Axis], size * count, .. rest[(Axis + 2)..]]),
            Take.Shifted(x[1], N, size).Flatten());
        y = y.Reshape([.. rest[..Axis], size, N, .. rest[(Axis + 2)..]]).MoveAxis(Axis, 0);
        var first = (Tensor.Arange(size, DType.Int64, y.Device) * count).Reshape([size, .. Enumerable.Repeat(1, y.Rank - 1)]);
        return [Tensor.Select(y < 0, y, y - first)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, n, inner) = Take.Split(y[0].Shape, Axis);
        device.ScatterExtremumIndex(Largest, x[0], x[1], y[0], outer, n, inner);
    }

    // Sorted by value and then, stably, by position, the first of each run is the extreme; the first of all sums alone.
    internal override Tensor[]? Definition(Tensor[] x)
    {
        int count = x[1].Shape[0], rank = x[0].Rank;
        if (count == 0) return [Tensor.Full(x[0].Shape.With(Axis, N), -1, DType.Int64, x[0].Device)];

        // Descending order has NaN first. Integers have none, and their negatives may not exist.
        var order = Largest || x[0].DType.IsInteger() ? x[0].ArgSort(Axis, descending: Largest) : (-x[0]).ArgSort(Axis, descending: true);
        var along = x[1].Reshape([count, .. Enumerable.Repeat(1, rank - Axis - 1)]).BroadcastTo(x[0].Shape);
        var byValue = along.TakeAlong(order, Axis);
        var byPosition = byValue.ArgSort(Axis);
        var positions = byValue.TakeAlong(byPosition, Axis);
        var numbers = order.TakeAlong(byPosition, Axis);
        var again = positions.Narrow(Axis, 1, count - 1).Equal(positions.Narrow(Axis, 0, count - 1));
        var first = Tensor.Concatenate(Axis, again.Narrow(Axis, 0, 0), Tensor.Full(x[0].Shape.With(Axis, 1), true, DType.Bool, x[0].Device), again.Not());
        return [Tensor.Select(first, numbers + 1, 0).PutAlong(positions, Axis, N) - 1];
    }
}
