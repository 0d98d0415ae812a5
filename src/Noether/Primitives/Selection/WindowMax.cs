using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// The largest element of each window over the trailing axes, and its position (int64) among all elements: max pooling. NaN if the window has
/// one; the first of equals has the derivative.
/// </summary>
/// <remarks>
/// Windows may reach over the edge and take there nothing; each holds at least one element. The positions make both derivatives one gather or
/// scatter, which is linear: higher orders follow.
/// </remarks>
/// <param name="Size">How many elements a window has along each of the last axes; at least 1.</param>
/// <param name="Step">The distance of windows; at least 1.</param>
/// <param name="Low">How far the first window starts before the first element.</param>
/// <param name="Dilation">The distance of neighbours inside a window; at least 1.</param>
/// <param name="Count">How many windows there are.</param>
public sealed record WindowMax(Integers Size, Integers Step, Integers Low, Integers Dilation, Integers Count) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new WindowMax([2, 2], [2, 2], [0, 0], [1, 1], [2, 2]), Sampling.Values([2, 4, 5])),
        new(new WindowMax([3, 2], [2, 1], [1, 0], [1, 2], [2, 3]), Sampling.Values([1, 2, 3, 5])),
        new(new WindowMax([3], [1], [1], [2], [3]), Sampling.Values([2, 5])),
        new(new WindowMax([2, 1, 2], [1, 1, 2], [0, 0, 1], [1, 1, 1], [1, 2, 2]), Sampling.Values([2, 2, 3])),
        new(new WindowMax([2], [2], [0], [1], [2]), Sampling.Values([0, 4])),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var lead = x[0].Rank - Size.Count;
        for (var axis = 0; axis < Size.Count; axis++)
        {
            for (var window = 0; window < Count[axis]; window++)
            {
                var start = window * Step[axis] - Low[axis];
                if (FirstInside(start, axis) >= EndInside(start, axis, x[0].Shape[lead + axis]))
                    throw new ShapeException($"WindowMax: window {window} of {Size} by {Step} with dilation {Dilation} from -{Low} meets no element of {x[0].Shape}");
            }
        }

        Shape shape = [.. x[0].Shape.AsSpan()[..lead], .. Count];
        return [new(shape, Rules.Number(Name, [x[0].DType])), new(shape, DType.Int64)];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [dx[0] is { } d ? Tensor.Apply(new Take(0), d.Flatten(), y[1]) : null, null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        [cotangents[0] is { } c ? Tensor.Apply(new WindowMaxGradient(this, x[0].Shape), c, y[1]) : null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        var y = Tensor.ApplyMany(this, x);
        if (x[0].Size == 0) return y;

        // Positions count within each member.
        var starts = Tensor.Arange(size, DType.Int64, x[0].Device) * (int)(x[0].Size / size);
        return [y[0], y[1] - starts.Reshape([size, .. Enumerable.Repeat(1, x[0].Rank - 1)])];
    }

    /// <summary>Gathers the windows, elements over the edge replaced by others of the window, and takes the first of the largest.</summary>
    internal override Tensor[] Definition(Tensor[] x)
    {
        var lead = x[0].Rank - Size.Count;
        var strides = x[0].Shape.Strides();
        Tensor windows = x[0], positions = Tensor.Zeros([1], DType.Int64, x[0].Device).Reshape([]);
        for (var axis = 0; axis < Size.Count; axis++)
        {
            var index = Tensor.From(Indices(axis, x[0].Shape[lead + axis]), [Count[axis], Size[axis]], x[0].Device);
            windows = Tensor.Apply(new Take(lead + 2 * axis), windows, index);
            var along = index * strides[lead + axis];
            positions = positions.Reshape([.. positions.Shape, 1, 1]) + along;
        }

        // [lead…, windows, size, windows, size …] to [lead…, windows…, all sizes].
        int[] order = [.. Enumerable.Range(0, Size.Count).Select(a => 2 * a), .. Enumerable.Range(0, Size.Count).Select(a => 2 * a + 1)];
        var ordered = windows.Permute([.. Enumerable.Range(0, lead), .. order.Select(a => lead + a)]);
        var all = ordered.Reshape([.. ordered.Shape.AsSpan()[..^Size.Count], Size.Aggregate(1, static (a, b) => a * b)]);
        var best = Tensor.Apply(new ExtremumIndex(all.Rank - 1, true), all);
        var inside = positions.Permute(order).Reshape([.. Count, all.Shape[^1]]).BroadcastTo(all.Shape).TakeAlong(best.Unsqueeze(-1), -1).Squeeze(-1);
        var members = x[0].Shape[..lead];
        var starts = (Tensor.Arange((int)members.Size, DType.Int64, x[0].Device) * x[0].Shape[lead..].Size).Reshape([.. members, .. Enumerable.Repeat(1, Size.Count)]);
        return [all.TakeAlong(best.Unsqueeze(-1), -1).Squeeze(-1), inside + starts];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.WindowMax(this, x[0], y[0], y[1]);

    /// <summary>The first place in a window that starts at <paramref name="start"/> which is not before the first element.</summary>
    internal int FirstInside(int start, int axis) => start >= 0 ? 0 : (-start + Dilation[axis] - 1) / Dilation[axis];

    /// <summary>The place after the last in a window that starts at <paramref name="start"/> which is not after the last of n elements.</summary>
    internal int EndInside(int start, int axis, int n) => start >= n ? 0 : Math.Min(Size[axis], (n - 1 - start) / Dilation[axis] + 1);

    private long[] Indices(int axis, int n)
    {
        var indices = new long[Count[axis] * Size[axis]];
        for (var window = 0; window < Count[axis]; window++)
        {
            var start = window * Step[axis] - Low[axis];
            int first = FirstInside(start, axis), end = EndInside(start, axis, n);
            for (var place = 0; place < Size[axis]; place++)
                indices[window * Size[axis] + place] = start + Math.Clamp(place, first, end - 1) * Dilation[axis];
        }

        return indices;
    }
}
