using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The largest of each window over the last axes, as PyTorch's max pooling; padding never wins. The first of equals has the derivative.</summary>
    /// <param name="size">The window's size along each of the last axes: <c>[2, 2]</c> pools the last two.</param>
    /// <param name="stride">The distance of windows, one for all axes or one each; default: the size.</param>
    /// <param name="padding">How far windows reach over both edges, at most half of the window; default 0.</param>
    /// <param name="dilation">The distance of neighbours inside a window; default 1.</param>
    /// <param name="ceiling">Whether a last window that is only partly inside counts.</param>
    /// <exception cref="ShapeException">Sizes or parameters do not fit.</exception>
    public Tensor MaxPool(
        ReadOnlySpan<int> size, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default, ReadOnlySpan<int> dilation = default, bool ceiling = false)
    {
        var windows = Windows("MaxPool", size, stride, padding, dilation, ceiling);
        return Apply(windows, DType == DType.Bool ? Number() : this, 0);
    }

    /// <summary>The mean of each window over the last axes, as PyTorch's average pooling.</summary>
    /// <param name="size">The window's size along each of the last axes.</param>
    /// <param name="stride">The distance of windows, one for all axes or one each; default: the size.</param>
    /// <param name="padding">Zeros on both sides, at most half of the window; default 0.</param>
    /// <param name="ceiling">Whether a last window that is only partly inside counts.</param>
    /// <param name="countPadding">Whether zeros of the padding count in the mean.</param>
    /// <exception cref="ShapeException">Sizes or parameters do not fit.</exception>
    public Tensor AveragePool(
        ReadOnlySpan<int> size, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default, bool ceiling = false, bool countPadding = true)
    {
        var windows = Windows("AveragePool", size, stride, padding, default, ceiling);
        var lead = Rank - windows.Size.Count;
        int[] low = new int[Rank], high = new int[Rank];
        for (var axis = 0; axis < windows.Size.Count; axis++)
        {
            low[lead + axis] = windows.Low[axis];
            high[lead + axis] = Math.Max(0, (windows.Count[axis] - 1) * windows.Step[axis] + windows.Size[axis] - windows.Low[axis] - Shape[lead + axis]);
        }

        var inside = Array.TrueForAll(low, static l => l == 0) && Array.TrueForAll(high, static h => h == 0);
        var y = inside ? Floating() : Apply(new Pad([.. low], Integers.Repeat(0, Rank), [.. high]), Floating());

        // A mean over a box is a mean along each axis in turn, which reads each element once for every window along that axis only.
        for (var axis = 0; axis < windows.Size.Count; axis++)
        {
            var parts = Apply(new SlidingWindows(lead + axis, windows.Size[axis], windows.Step[axis], 1), y);
            y = Apply(new Sum(lead + axis + 1, 1), parts) * Weights(windows, axis, Shape[lead + axis], countPadding, y).Reshape([-1, .. Enumerable.Repeat(1, Rank - 1 - lead - axis)]);
        }

        return y;
    }

    /// <summary>Max pooling to given sizes of the last axes: window i of o covers the elements from ⌊i·n/o⌋ to below ⌈(i + 1)·n/o⌉.</summary>
    /// <param name="sizes">The sizes of the last axes in the result.</param>
    /// <exception cref="ShapeException">More sizes than axes, a size below 1, or an empty axis.</exception>
    public Tensor AdaptiveMaxPool(params ReadOnlySpan<int> sizes)
    {
        var y = DType == DType.Bool ? Number() : this;
        for (var i = 0; i < sizes.Length; i++)
        {
            var axis = AdaptiveAxis("AdaptiveMaxPool", sizes, i);
            int n = Shape[axis], windows = sizes[i];
            if (n % windows == 0)
            {
                y = y.Reshape([.. y.Shape.AsSpan()[..axis], windows, n / windows, .. y.Shape.AsSpan()[(axis + 1)..]]).Max(axis + 1);
                continue;
            }

            // Windows differ in size by one: the shorter ones repeat their last element, after which it never wins first.
            var longest = Enumerable.Range(0, windows).Max(w => AdaptiveEnd(w, n, windows) - AdaptiveStart(w, n, windows));
            var index = new long[windows * longest];
            for (var w = 0; w < windows; w++)
                for (var j = 0; j < longest; j++)
                    index[w * longest + j] = Math.Min(AdaptiveStart(w, n, windows) + j, AdaptiveEnd(w, n, windows) - 1);
            y = Apply(new Take(axis), y, From(index, [windows, longest], Device)).Max(axis + 1);
        }

        return y;
    }

    /// <summary>Average pooling to given sizes of the last axes: window i of o covers the elements from ⌊i·n/o⌋ to below ⌈(i + 1)·n/o⌉.</summary>
    /// <inheritdoc cref="AdaptiveMaxPool"/>
    public Tensor AdaptiveAveragePool(params ReadOnlySpan<int> sizes)
    {
        var y = Floating();
        for (var i = 0; i < sizes.Length; i++)
        {
            var axis = AdaptiveAxis("AdaptiveAveragePool", sizes, i);
            int n = Shape[axis], windows = sizes[i];
            if (n % windows == 0)
            {
                y = y.Reshape([.. y.Shape.AsSpan()[..axis], windows, n / windows, .. y.Shape.AsSpan()[(axis + 1)..]]).Mean(axis + 1);
                continue;
            }

            var weights = new double[n * windows];
            for (var w = 0; w < windows; w++)
            {
                int start = AdaptiveStart(w, n, windows), end = AdaptiveEnd(w, n, windows);
                for (var j = start; j < end; j++) weights[j * windows + w] = 1.0 / (end - start);
            }

            y = y.MoveAxis(axis, -1).MatMul(From(weights, [n, windows], Device).To(y.DType)).MoveAxis(-1, axis);
        }

        return y;
    }

    private static int AdaptiveStart(int window, int n, int windows) => (int)((long)window * n / windows);

    private static int AdaptiveEnd(int window, int n, int windows) => (int)(((window + 1L) * n + windows - 1) / windows);

    private int AdaptiveAxis(string operation, ReadOnlySpan<int> sizes, int i)
    {
        if (sizes.Length > Rank || sizes[i] < 1) throw new ShapeException($"{operation}: {Shape} cannot have its last axes pooled to [{string.Join(", ", sizes.ToArray())}]");
        var axis = Rank - sizes.Length + i;
        return Shape[axis] > 0 ? axis : throw new ShapeException($"{operation}: axis {axis} of {Shape} is empty");
    }

    /// <summary>One over the number of elements that count, for each window along an axis.</summary>
    private static Tensor Weights(WindowMax windows, int axis, int n, bool countPadding, Tensor like)
    {
        var weights = new double[windows.Count[axis]];
        for (var i = 0; i < weights.Length; i++)
        {
            int start = i * windows.Step[axis] - windows.Low[axis], end = start + windows.Size[axis];
            weights[i] = 1.0 / (countPadding ? Math.Min(end, n + windows.Low[axis]) - start : Math.Min(end, n) - Math.Max(start, 0));
        }

        return Array.TrueForAll(weights, w => w == weights[0])
            ? Full([weights.Length], weights.Length == 0 ? 1 : weights[0], like.DType, like.Device)
            : From(weights, null, like.Device).To(like.DType);
    }

    private static Tensor Apply(WindowMax windows, Tensor x, int output) => ApplyMany(windows, x)[output];

    private WindowMax Windows(
        string operation, ReadOnlySpan<int> size, ReadOnlySpan<int> stride, ReadOnlySpan<int> padding, ReadOnlySpan<int> dilation, bool ceiling)
    {
        var axes = size.Length;
        if (axes is < 1 or > 3 || axes > Rank)
            throw new ShapeException($"{operation}: a window of [{string.Join(", ", size.ToArray())}] needs one to three of the last axes of {Shape}");
        var sizes = PerAxis(operation, "size", size, axes, 1, 1);
        var steps = stride.Length == 0 ? sizes : PerAxis(operation, "stride", stride, axes, 1, 1);
        var low = PerAxis(operation, "padding", padding, axes, 0, 0);
        var spread = PerAxis(operation, "dilation", dilation, axes, 1, 1);
        var counts = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            int n = Shape[Rank - axes + axis], reach = (sizes[axis] - 1) * spread[axis] + 1, room = n + 2 * low[axis] - reach;
            if (2 * low[axis] > reach) throw new ShapeException($"{operation}: padding {low} is more than half of the window {sizes}");
            if (room < 0) throw new ShapeException($"{operation}: the window {sizes} with dilation {spread} is larger than {Shape} with padding {low}");
            counts[axis] = (ceiling ? (room + steps[axis] - 1) / steps[axis] : room / steps[axis]) + 1;

            // A window that would start after the last element and its padding before it has nothing to see.
            if (ceiling && (counts[axis] - 1) * steps[axis] >= n + low[axis]) counts[axis]--;
        }

        return new(sizes, steps, low, spread, [.. counts]);
    }
}
