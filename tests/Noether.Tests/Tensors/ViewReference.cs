namespace Noether.Tests.Tensors;

/// <summary>Views as plain loops: every step makes a new row-major array, coordinate by coordinate.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="Values">The elements, row-major.</param>
internal sealed record ViewReference(int[] Shape, int[] Values)
{
    /// <summary>0, 1, 2, … in a shape: an element's value tells where it came from.</summary>
    public static ViewReference Counting(int[] shape) => new(shape, [.. Enumerable.Range(0, Size(shape))]);

    public static int Size(int[] shape) => shape.Aggregate(1, static (n, size) => n * size);

    public ViewReference Reshape(int[] shape) => new(shape, Values);

    public ViewReference Permute(int[] axes) => Map([.. axes.Select(a => Shape[a])], at =>
    {
        var source = new int[axes.Length];
        for (var i = 0; i < axes.Length; i++) source[axes[i]] = at[i];
        return source;
    });

    public ViewReference Broadcast(int[] shape) =>
        Map(shape, at => [.. Shape.Select((size, axis) => size == 1 ? 0 : at[axis + shape.Length - Shape.Length])]);

    public ViewReference Slice(int axis, int start, int step, int count) => Along(axis, count, i => start + i * step);

    public ViewReference Flip(int axis) => Along(axis, Shape[axis], i => Shape[axis] - 1 - i);

    public ViewReference Roll(int shift, int axis) => Along(axis, Shape[axis], i => ((i - shift) % Shape[axis] + Shape[axis]) % Shape[axis]);

    private ViewReference Along(int axis, int count, Func<int, int> place)
    {
        int[] shape = [.. Shape];
        shape[axis] = count;
        return Map(shape, at => [.. at.Select((i, a) => a == axis ? place(i) : i)]);
    }

    private ViewReference Map(int[] shape, Func<int[], int[]> source)
    {
        var values = new int[Size(shape)];
        var at = new int[shape.Length];
        for (var n = 0; n < values.Length; n++)
        {
            for (int axis = shape.Length - 1, rest = n; axis >= 0; rest /= shape[axis], axis--) at[axis] = rest % shape[axis];
            var from = source(at);
            var flat = 0;
            for (var axis = 0; axis < Shape.Length; axis++) flat = flat * Shape[axis] + from[axis];
            values[n] = Values[flat];
        }

        return new(shape, values);
    }
}
