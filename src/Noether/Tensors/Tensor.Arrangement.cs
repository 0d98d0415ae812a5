using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>Parts of given sizes along an axis, without copying.</summary>
    /// <exception cref="ShapeException">The sizes do not add up to the axis.</exception>
    public Tensor[] Split(ReadOnlySpan<int> sizes, int axis = 0)
    {
        axis = Shape.Axis(axis, "Split");
        long total = 0;
        foreach (var size in sizes) total += size < 0 ? int.MinValue : size;
        if (total != Shape[axis]) throw new ShapeException($"Split: sizes [{string.Join(", ", sizes.ToArray())}] do not add up to axis {axis} of {Shape}");
        var parts = new Tensor[sizes.Length];
        var start = 0;
        for (var i = 0; i < parts.Length; start += sizes[i++]) parts[i] = Narrow(axis, start, sizes[i]);
        return parts;
    }

    /// <summary>Parts of one size along an axis, the last one perhaps smaller, without copying.</summary>
    /// <exception cref="ShapeException">The size is less than 1.</exception>
    public Tensor[] Split(int size, int axis = 0)
    {
        axis = Shape.Axis(axis, "Split");
        if (size < 1) throw new ShapeException($"Split: axis {axis} of {Shape} cannot be split in parts of {size}");
        var n = Shape[axis];
        var parts = new Tensor[Math.Max(1, (n + size - 1) / size)];
        for (var i = 0; i < parts.Length; i++) parts[i] = Narrow(axis, i * size, Math.Min(size, n - i * size));
        return parts;
    }

    /// <summary>At most <paramref name="count"/> parts of nearly equal size along an axis, as PyTorch's <c>chunk</c>, without copying.</summary>
    /// <exception cref="ShapeException">The count is less than 1.</exception>
    public Tensor[] Chunk(int count, int axis = 0)
    {
        axis = Shape.Axis(axis, "Chunk");
        if (count < 1) throw new ShapeException($"Chunk: {Shape} cannot be cut in {count} parts");
        return Split(Math.Max(1, (Shape[axis] + count - 1) / count), axis);
    }

    /// <summary>The whole tensor repeated so many times along each axis (NumPy's <c>tile</c>); missing leading counts or axes are 1.</summary>
    /// <exception cref="ShapeException">A count is negative.</exception>
    public Tensor Tile(params ReadOnlySpan<int> counts)
    {
        foreach (var count in counts)
        {
            if (count < 0) throw new ShapeException($"Tile: negative count in [{string.Join(", ", counts.ToArray())}] for {Shape}");
        }

        // [n₀, n₁] as [1, n₀, 1, n₁], stretched to [c₀, n₀, c₁, n₁]: one copy.
        var rank = Math.Max(Rank, counts.Length);
        int[] separate = new int[2 * rank], stretched = new int[2 * rank], joined = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var n = axis < rank - Rank ? 1 : Shape[axis - (rank - Rank)];
            var count = axis < rank - counts.Length ? 1 : counts[axis - (rank - counts.Length)];
            (separate[2 * axis], separate[2 * axis + 1]) = (1, n);
            (stretched[2 * axis], stretched[2 * axis + 1]) = (count, n);
            joined[axis] = checked(count * n);
        }

        return Reshape([.. separate]).BroadcastTo([.. stretched]).Reshape([.. joined]);
    }

    /// <summary>Each element repeated so many times along an axis (PyTorch's <c>repeat_interleave</c>).</summary>
    /// <exception cref="ShapeException">The count is negative.</exception>
    public Tensor Repeat(int count, int axis = 0)
    {
        axis = Shape.Axis(axis, "Repeat");
        if (count < 0) throw new ShapeException($"Repeat: negative count {count} for {Shape}");
        return Unsqueeze(axis + 1).BroadcastTo(Shape.Insert(axis + 1, count)).Reshape(Shape.With(axis, checked(count * Shape[axis])));
    }

    /// <summary>Each element along an axis repeated its own number of times.</summary>
    /// <exception cref="ShapeException">Not one count an element, or a negative one.</exception>
    public Tensor Repeat(ReadOnlySpan<int> counts, int axis = 0)
    {
        axis = Shape.Axis(axis, "Repeat");
        if (counts.Length != Shape[axis]) throw new ShapeException($"Repeat: {counts.Length} counts for axis {axis} of {Shape}");
        var index = new List<long>();
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0) throw new ShapeException($"Repeat: negative count {counts[i]} for {Shape}");
            for (var j = 0; j < counts[i]; j++) index.Add(i);
        }

        return Apply(new Take(axis), this, From([.. index], [index.Count], Device));
    }

    /// <summary>Elements moved on along an axis, those beyond the end to the start: <c>y[i + shift] = x[i]</c>.</summary>
    public Tensor Roll(int shift, int axis = 0)
    {
        axis = Shape.Axis(axis, "Roll");
        var n = Shape[axis];
        if (n == 0) return this;
        var start = (shift % n + n) % n;
        return start == 0 ? this : Concatenate(axis, Narrow(axis, n - start, start), Narrow(axis, 0, n - start));
    }

    /// <summary>The order reversed along axes, without copying.</summary>
    /// <exception cref="AxisException">No such axis, or one named twice.</exception>
    public Tensor Flip(params ReadOnlySpan<int> axes)
    {
        var sorted = new int[axes.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = Shape.Axis(axes[i], "Flip");
            if (Array.IndexOf(sorted, sorted[i]) < i) throw new AxisException($"Flip: axis {sorted[i]} of {Shape} is named twice");
        }

        Array.Sort(sorted);
        return sorted.Length == 0 ? this : Apply(new Flip([.. sorted]), this);
    }

    /// <summary><see cref="BroadcastTo"/>, with -1 for a size that stays.</summary>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public Tensor Expand(params ReadOnlySpan<int> sizes)
    {
        var target = sizes.ToArray();
        for (var i = 0; i < target.Length; i++)
        {
            var axis = i - (target.Length - Rank);
            if (target[i] == -1) target[i] = axis >= 0 ? Shape[axis] : throw new ShapeException($"Expand: -1 for an axis that {Shape} has not");
        }

        Shape expanded = [.. target];
        return expanded.Equals(Shape.Broadcast(Shape, expanded))
            ? BroadcastTo(expanded)
            : throw new ShapeException($"Expand: {Shape} does not broadcast to {expanded}");
    }

    /// <summary>More elements before and after, along the last axes. Negative numbers crop, with <see cref="PadMode.Constant"/>.</summary>
    /// <param name="padding">How many before the first and after the last element, for each of the last axes: <c>[(1, 1), (2, 2)]</c> pads the last two.</param>
    /// <param name="mode">What they are.</param>
    /// <param name="value">The number, for <see cref="PadMode.Constant"/>; default 0.</param>
    /// <exception cref="ShapeException">More pairs than axes, or more elements than the mode can supply.</exception>
    public Tensor Pad(ReadOnlySpan<(int Low, int High)> padding, PadMode mode = PadMode.Constant, Scalar? value = null)
    {
        if (padding.Length > Rank) throw new ShapeException($"Pad: {padding.Length} pairs for {Shape}");
        var y = this;
        if (mode == PadMode.Constant)
        {
            var lead = Rank - padding.Length;
            int[] low = new int[Rank], high = new int[Rank];
            for (var i = 0; i < padding.Length; i++)
            {
                (low[lead + i], high[lead + i]) = padding[i];
                var (before, after) = (Math.Max(0, -padding[i].Low), Math.Max(0, -padding[i].High));
                if (before + after > Shape[lead + i]) throw new ShapeException($"Pad: axis {lead + i} of {Shape} cannot lose {before} and {after} elements");
                y = y.Narrow(lead + i, before, Shape[lead + i] - before - after);
            }

            var pad = new Pad([.. low.Select(l => Math.Max(l, 0))], Integers.Repeat(0, Rank), [.. high.Select(h => Math.Max(h, 0))]);
            var type = value?.Meet(DType) ?? DType;
            return value is not { } number ? Apply(pad, y) : Select(Apply(pad, Full(y.Shape, true, DType.Bool, Device)), Apply(pad, y.To(type)), number);
        }

        for (var i = 0; i < padding.Length; i++)
        {
            var axis = Rank - padding.Length + i;
            int n = Shape[axis], low = padding[i].Low, high = padding[i].High;
            if (low == 0 && high == 0) continue;
            var most = mode switch { PadMode.Reflect => n - 1, PadMode.Circular => n, _ => n == 0 ? 0 : int.MaxValue };
            if (low < 0 || high < 0 || low > most || high > most)
                throw new ShapeException($"Pad: {mode} padding ({low}, {high}) needs 0 … {most} on axis {axis} of {Shape}");
            var index = new long[low + n + high];
            for (var j = 0; j < index.Length; j++) index[j] = Source(j - low, n, mode);
            y = Apply(new Take(axis), y, From(index, null, Device));
        }

        return y;

        static int Source(int at, int n, PadMode mode) => mode switch
        {
            PadMode.Replicate => Math.Clamp(at, 0, n - 1),
            PadMode.Circular => (at + n) % n,
            _ => at < 0 ? -at : at >= n ? 2 * (n - 1) - at : at,
        };
    }

    /// <summary>
    /// An axis of n as [windows, size], without copying: <c>y[…, i, j, …] = x[…, i·step + j·dilation, …]</c>. Windows may overlap;
    /// those that do not fit whole are left out.
    /// </summary>
    /// <exception cref="ShapeException">A parameter is less than 1.</exception>
    public Tensor SlidingWindows(int size, int step = 1, int axis = -1, int dilation = 1)
    {
        axis = Shape.Axis(axis, "SlidingWindows");
        if (size < 1 || step < 1 || dilation < 1) throw new ShapeException($"SlidingWindows: size {size}, step {step} and dilation {dilation} on {Shape} must be at least 1");
        return Apply(new SlidingWindows(axis, size, step, dilation), this);
    }

    /// <summary>The transpose of <see cref="SlidingWindows"/>: adds up windows [windows, size] at an axis and the next one to an axis of <paramref name="n"/>.</summary>
    /// <exception cref="ShapeException">The windows are not those of an axis of n.</exception>
    public Tensor OverlapAdd(int n, int step = 1, int axis = -2, int dilation = 1)
    {
        axis = Shape.Axis(axis, "OverlapAdd");
        if (axis == Rank - 1 || step < 1 || dilation < 1) throw new ShapeException($"OverlapAdd: {Shape} has no windows at axis {axis} with step {step} and dilation {dilation}");
        var windows = new SlidingWindows(axis, Shape[axis + 1], step, dilation);
        if (n < 0 || Shape[axis + 1] < 1 || windows.Count(n) != Shape[axis])
            throw new ShapeException($"OverlapAdd: an axis of {n} has not the {Shape[axis]} windows of {Shape[axis + 1]} in {Shape} at step {step} and dilation {dilation}");
        return windows.Transpose(this, Zeros(Shape.Without(axis + 1).With(axis, n), DType, Device));
    }

    /// <summary>
    /// The patches under a kernel that slides over the spatial axes of <c>[N, C, spatial…]</c>, as columns: <c>[N, C·k₀·k₁…, positions]</c>
    /// (PyTorch's <c>unfold</c>).
    /// </summary>
    /// <param name="size">The kernel's size along each spatial axis.</param>
    /// <param name="stride">The step of the kernel: one number or one for each axis; default 1.</param>
    /// <param name="padding">Zeros on both sides; default 0.</param>
    /// <param name="dilation">The distance of neighbours in the kernel; default 1.</param>
    /// <exception cref="ShapeException">Not that many axes, or a parameter too small.</exception>
    public Tensor Unfold(ReadOnlySpan<int> size, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default, ReadOnlySpan<int> dilation = default)
    {
        var axes = size.Length;
        if (Rank != axes + 2) throw new ShapeException($"Unfold: {Shape} is not [N, C, spatial…] with {axes} spatial axes");
        Integers sizes = PerAxis("Unfold", "size", size, axes, 1, 1), steps = PerAxis("Unfold", "stride", stride, axes, 1, 1);
        Integers pad = PerAxis("Unfold", "padding", padding, axes, 0, 0), spread = PerAxis("Unfold", "dilation", dilation, axes, 1, 1);
        var y = Pad([.. pad.Select(p => (p, p))]);
        for (var axis = 0; axis < axes; axis++) y = y.SlidingWindows(sizes[axis], steps[axis], 2 + 2 * axis, spread[axis]);
        var columns = y.Permute([0, 1, .. Enumerable.Range(0, axes).Select(a => 3 + 2 * a), .. Enumerable.Range(0, axes).Select(a => 2 + 2 * a)]);
        return columns.Reshape([Shape[0], (int)columns.Shape[1..(2 + axes)].Size, (int)columns.Shape[(2 + axes)..].Size]);
    }

    /// <summary>
    /// Vectors as coordinates of a grid: tensor i varies along axis i only and has the shape of the whole grid (NumPy's <c>indexing="ij"</c>).
    /// </summary>
    /// <exception cref="ShapeException">An operand is not a vector.</exception>
    public static Tensor[] Meshgrid(params Tensor[] coordinates)
    {
        foreach (var x in coordinates)
        {
            if (x.Rank != 1) throw new ShapeException($"Meshgrid: {x.Shape} is not a vector");
        }

        Shape grid = [.. coordinates.Select(x => x.Shape[0])];
        return [.. coordinates.Select((x, i) => x.Reshape([x.Shape[0], .. Enumerable.Repeat(1, grid.Rank - 1 - i)]).BroadcastTo(grid))];
    }
}
