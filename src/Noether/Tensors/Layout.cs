namespace Noether;

/// <summary>Where a tensor's elements lie in its storage: shape, strides and offset, all in elements. Views change only this.</summary>
internal sealed class Layout
{
    private readonly long[] strides;

    public Layout(Shape shape, long[] strides, long offset)
    {
        Shape = shape;
        this.strides = strides;
        Offset = offset;
        IsContiguous = Matches(shape, strides);
    }

    public Shape Shape { get; }

    public long Offset { get; }

    public ReadOnlySpan<long> Strides => strides;

    /// <summary>True if the elements lie in row-major order without gaps (axes of size 1 may have any stride).</summary>
    public bool IsContiguous { get; }

    public static Layout Contiguous(Shape shape) => new(shape, shape.Strides(), 0);

    /// <summary>The same shape and strides from another first element.</summary>
    public Layout From(long offset) => offset == Offset ? this : new(Shape, strides, offset);

    /// <summary>True if shape and strides are equal; the offsets may differ.</summary>
    public bool IsShapedLike(Layout other) => ReferenceEquals(this, other) || (Shape.Equals(other.Shape) && strides.AsSpan().SequenceEqual(other.strides));

    /// <summary>Axis i of the result is axis <c>axes[i]</c> of this layout.</summary>
    public Layout Permute(ReadOnlySpan<int> axes)
    {
        var sizes = new int[axes.Length];
        var moved = new long[axes.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            sizes[i] = Shape[axes[i]];
            moved[i] = strides[axes[i]];
        }

        return new([.. sizes], moved, Offset);
    }

    /// <summary>NumPy broadcasting to a larger shape: stretched and new axes get stride 0.</summary>
    public Layout BroadcastTo(Shape target)
    {
        var stretched = new long[target.Rank];
        for (var i = 1; i <= Shape.Rank; i++)
            stretched[^i] = Shape[^i] == target[^i] ? strides[^i] : 0;
        return new(target, stretched, Offset);
    }

    /// <summary>Every <c>steps[i]</c>-th element from <c>starts[i]</c>; steps may be negative.</summary>
    public Layout Slice(ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape result)
    {
        var stepped = new long[strides.Length];
        var offset = Offset;
        for (var axis = 0; axis < strides.Length; axis++)
        {
            offset += starts[axis] * strides[axis];
            stepped[axis] = steps[axis] * strides[axis];
        }

        return new(result, stepped, result.Size == 0 ? Offset : offset);
    }

    /// <summary>The same elements under another shape without moving them, or null if strides cannot say it.</summary>
    public Layout? Reshape(Shape target)
    {
        if (IsContiguous) return new(target, target.Strides(), Offset);
        if (target.Size == 0) return new(target, target.Strides(), Offset);

        // Match runs of old axes with runs of new ones of equal product; a run must be evenly strided inside.
        var result = new long[target.Rank];
        int from = 0, to = 0;
        while (from < Shape.Rank || to < target.Rank)
        {
            int fromEnd = from, toEnd = to;
            long have = 1, want = 1;
            do
            {
                if (have <= want && fromEnd < Shape.Rank) have *= Shape[fromEnd++];
                else want *= target[toEnd++];
            }
            while (have != want || (have == 1 && fromEnd < Shape.Rank && toEnd < target.Rank));

            // Take trailing ones into the run, so that the last run ends both shapes.
            while (fromEnd < Shape.Rank && Shape[fromEnd] == 1) fromEnd++;
            while (toEnd < target.Rank && target[toEnd] == 1) toEnd++;

            long stride = 0, extent = 0;
            var first = true;
            for (var axis = fromEnd - 1; axis >= from; axis--)
            {
                if (Shape[axis] == 1) continue;
                if (first)
                    (stride, extent, first) = (strides[axis], strides[axis] * Shape[axis], false);
                else if (strides[axis] == extent)
                    extent *= Shape[axis];
                else
                    return null;
            }

            for (var axis = toEnd - 1; axis >= to; axis--)
            {
                result[axis] = stride;
                stride *= target[axis];
            }

            (from, to) = (fromEnd, toEnd);
        }

        return new(target, result, Offset);
    }

    private static bool Matches(Shape shape, long[] strides)
    {
        if (shape.Size == 0) return true;
        long expected = 1;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected) return false;
            expected *= shape[axis];
        }

        return true;
    }
}
