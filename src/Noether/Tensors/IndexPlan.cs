using Noether.Primitives;
using Noether.Transforms;

namespace Noether;

/// <summary>
/// An index resolved against a shape, as two linear maps one after the other: a view (slices, integers, new axes), and a gather along one
/// merged axis (tensors). Reading applies them; functional updates apply their transposes.
/// </summary>
/// <remarks>
/// The gather: the view's axes under tensors are moved together, merged into one of size N, and indexed by one tensor of row-major positions.
/// </remarks>
internal sealed class IndexPlan
{
    private readonly Shape shape;
    private readonly int[] starts;
    private readonly int[] steps;
    private readonly int[] counts;
    private readonly List<int> flipped = [];
    private readonly List<int> viewSizes = [];
    private readonly List<Entry> entries = [];
    private readonly bool whole;
    private Tensor? positions;

    public IndexPlan(Shape shape, ReadOnlySpan<TensorIndex> items)
    {
        this.shape = shape;
        starts = new int[shape.Rank];
        steps = Enumerable.Repeat(1, shape.Rank).ToArray();
        counts = [.. shape];
        Advanced = Exists(items, IndexKind.Tensor);

        int axis = 0, lastAdvanced = -1;
        var together = true;
        var expanded = Expand(items);
        for (var i = 0; i < expanded.Count; i++)
        {
            var item = expanded[i];
            if (item.Kind is IndexKind.Tensor or IndexKind.Position)
            {
                together &= lastAdvanced < 0 || lastAdvanced == i - 1;
                lastAdvanced = i;
            }

            axis += Resolve(item, axis);
        }

        Position = !together || entries.Count == 0 ? 0 : entries[0].Axis;
        whole = shape.AsSpan().SequenceEqual(counts) && flipped.Count == 0;
    }

    /// <summary>True if a tensor is among the items: then positions may repeat.</summary>
    public bool Advanced { get; }

    /// <summary>The axis, in front of which the view's other axes stand, that the merged axis is.</summary>
    public int Position { get; }

    /// <summary>The size of the merged axis.</summary>
    public int Merged => checked((int)entries.Aggregate(1L, static (n, e) => n * e.Size));

    /// <summary>The shape under the view alone.</summary>
    public Shape ViewShape => [.. viewSizes];

    /// <summary>The shape of the result.</summary>
    public Shape ResultShape => Advanced ? [.. Rest[..Position], .. Positions.Shape, .. Rest[Position..]] : ViewShape;

    /// <summary>The view with the axes under tensors merged.</summary>
    public Shape MergedShape => [.. Rest[..Position], Merged, .. Rest[Position..]];

    /// <summary>The mask, if it is all of the index beside whole axes behind it.</summary>
    public Tensor? OnlyMask =>
        whole && entries is [{ IsMask: true, Axis: 0 } entry] && viewSizes.Count == shape.Rank && entry.Axes == entry.Index.Rank ? entry.Index : null;

    /// <summary>Positions on the merged axis, in the axes that the tensors broadcast to; -1 where one is out of range.</summary>
    /// <remarks>Reads masks: their number of positions is not known otherwise.</remarks>
    public Tensor Positions => positions ??= MergePositions();

    /// <summary>The elements that the index names.</summary>
    public Tensor Gather(Tensor x)
    {
        var view = View(x);
        return Advanced ? Tensor.Apply(new Take(Position), Merge(view), Positions) : view;
    }

    /// <summary>Slices, integers and new axes.</summary>
    public Tensor View(Tensor x)
    {
        if (!shape.AsSpan().SequenceEqual(counts)) x = Tensor.Apply(new Slice([.. starts], [.. steps], [.. counts]), x);
        if (flipped.Count > 0) x = Tensor.Apply(new Flip([.. flipped]), x);
        return x.Reshape(ViewShape);
    }

    /// <summary>The transpose of <see cref="View"/>: zeros around.</summary>
    public Tensor Unview(Tensor view)
    {
        var x = view.Reshape(Shape.Create(counts));
        if (flipped.Count > 0) x = Tensor.Apply(new Flip([.. flipped]), x);
        if (shape.AsSpan().SequenceEqual(counts)) return x;
        int[] high = new int[shape.Rank], interior = new int[shape.Rank];
        for (var axis = 0; axis < high.Length; axis++)
        {
            high[axis] = shape[axis] - starts[axis] - (counts[axis] == 0 ? 0 : (counts[axis] - 1) * steps[axis] + 1);
            interior[axis] = steps[axis] - 1;
        }

        return Tensor.Apply(new Pad([.. starts], [.. interior], [.. high]), x);
    }

    /// <summary><paramref name="x"/> with the elements under the view replaced.</summary>
    public Tensor Replace(Tensor x, Tensor view)
    {
        if (shape.AsSpan().SequenceEqual(counts)) return Unview(view);
        var inside = Unview(Tensor.Full(ViewShape, true, DType.Bool, x.Device));
        return Tensor.Select(inside, Unview(view), x);
    }

    /// <summary>The view's axes under tensors as one, at <see cref="Position"/>.</summary>
    public Tensor Merge(Tensor view) => view.Permute(Order()).Reshape(MergedShape);

    /// <summary>The inverse of <see cref="Merge"/>.</summary>
    public Tensor Unmerge(Tensor merged)
    {
        var order = Order();
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return merged.Reshape([.. order.Select(a => viewSizes[a])]).Permute(inverse);
    }

    private int[] Rest => [.. RestAxes.Select(a => viewSizes[a])];

    private int[] RestAxes => [.. Enumerable.Range(0, viewSizes.Count).Where(a => !entries.Exists(e => a >= e.Axis && a < e.Axis + e.Axes))];

    private int[] Order()
    {
        var rest = RestAxes;
        return [.. rest[..Position], .. entries.SelectMany(static e => Enumerable.Range(e.Axis, e.Axes)), .. rest[Position..]];
    }

    private static bool Exists(ReadOnlySpan<TensorIndex> items, IndexKind kind)
    {
        foreach (var item in items)
        {
            if (item.Kind == kind) return true;
        }

        return false;
    }

    // Whole axes for the ellipsis, which is at the end if it is nowhere.
    private List<TensorIndex> Expand(ReadOnlySpan<TensorIndex> items)
    {
        int covered = 0, ellipses = 0;
        foreach (var item in items)
        {
            covered += Covers(item);
            if (item.Kind == IndexKind.Ellipsis) ellipses++;
        }

        if (ellipses > 1) throw new AxisException($"Index: more than one ellipsis for {shape}");
        if (covered > shape.Rank) throw new AxisException($"Index: {covered} axes are indexed, {shape} has {shape.Rank}");
        var missing = Enumerable.Repeat(default(TensorIndex), shape.Rank - covered);
        var expanded = new List<TensorIndex>();
        foreach (var item in items)
        {
            // An ellipsis of no axes still stands between tensors: it stays, and covers nothing.
            if (item.Kind == IndexKind.Ellipsis) expanded.AddRange(missing);
            if (item.Kind != IndexKind.Ellipsis || covered == shape.Rank) expanded.Add(item);
        }

        if (ellipses == 0) expanded.AddRange(missing);
        return expanded;
    }

    private static int Covers(TensorIndex item) => item.Kind switch
    {
        IndexKind.NewAxis or IndexKind.Ellipsis => 0,
        IndexKind.Tensor when item.Tensor!.DType == DType.Bool => item.Tensor.Rank,
        _ => 1,
    };

    private int Resolve(TensorIndex item, int axis)
    {
        switch (item.Kind)
        {
            case IndexKind.NewAxis:
                viewSizes.Add(1);
                break;
            case IndexKind.Ellipsis:
                break;
            case IndexKind.Position:
                var size = shape[axis];
                var position = item.Range.Start.GetOffset(size);
                if (position < 0 || position >= size)
                    throw new AxisException($"Index: position {(item.Range.Start.IsFromEnd ? -item.Range.Start.Value : position)} is outside axis {axis} of {shape}");
                (starts[axis], counts[axis]) = (position, 1);
                break;
            case IndexKind.Tensor:
                Resolve(item.Tensor!, axis);
                break;
            default:
                if (item.Kind == IndexKind.Slice) Resolve(item.Range, item.Step, axis);
                viewSizes.Add(counts[axis]);
                break;
        }

        return Covers(item);
    }

    private void Resolve(Range range, int step, int axis)
    {
        var size = shape[axis];
        var low = Math.Clamp(range.Start.GetOffset(size), 0, size);
        var high = Math.Clamp(range.End.GetOffset(size), low, size);
        var stride = Math.Abs(step);
        var count = (int)(((long)high - low + stride - 1) / stride);
        counts[axis] = count;

        // One element or none needs no step, however large it was.
        steps[axis] = count > 1 ? stride : 1;
        starts[axis] = step > 0 || count == 0 ? low : high - 1 - (count - 1) * stride;
        if (step < 0 && count > 1) flipped.Add(axis);
    }

    private void Resolve(Tensor index, int axis)
    {
        var at = viewSizes.Count;
        if (index.DType.IsInteger())
        {
            entries.Add(new(at, 1, shape[axis], index, false));
            viewSizes.Add(shape[axis]);
            return;
        }

        if (index.DType != DType.Bool) throw new DTypeException($"Index: a tensor of {index.DType.Name()}{index.Shape} indexes {shape}: use int32, int64 or bool");
        if (!index.Shape.AsSpan().SequenceEqual(shape.AsSpan().Slice(axis, index.Rank)))
            throw new ShapeException($"Index: mask {index.Shape} does not fit {shape} from axis {axis}");

        // A mask without axes chooses an axis of size 1 or nothing.
        if (index.Rank == 0) viewSizes.Add(1);
        else viewSizes.AddRange(index.Shape);
        entries.Add(new(at, Math.Max(1, index.Rank), checked((int)index.Size), index, true));
    }

    private Tensor MergePositions()
    {
        if (entries is [{ IsMask: false } single]) return Tensor.Wrapped("Index", single.Index, single.Size);
        var indices = entries.ConvertAll(static e => e.IsMask ? TruePositions(e.Index) : e.Index.To(DType.Int64));
        if (indices.Count == 1) return indices[0];

        Tensor? merged = null, inside = null;
        for (var i = 0; i < indices.Count; i++)
        {
            var n = entries[i].Size;
            if (merged is not null && Shape.Broadcast(merged.Shape, indices[i].Shape) is null)
                throw new ShapeException($"Index: index tensors do not broadcast: {string.Join(" and ", indices.Select(x => x.Shape))}");
            var index = Tensor.Wrapped("Index", indices[i], n);
            var valid = (index >= 0) & (index < n);
            merged = merged is null ? index : merged * n + index;
            inside = inside is null ? valid : inside & valid;
        }

        return Tensor.Select(inside!, merged!, -1);
    }

    private static Tensor TruePositions(Tensor mask)
    {
        if (Tracing.IsTraced(mask))
        {
            throw new TransformException(
                $"Index: how many elements of the mask {mask.Shape} are true is not known while a function is traced; use Tensor.Select, or At(mask).Set(value)");
        }

        return Tensor.From(Selected.Positions(mask.ToArray<bool>()), device: mask.Device);
    }

    private readonly record struct Entry(int Axis, int Axes, int Size, Tensor Index, bool IsMask);
}

/// <summary>Finds true values.</summary>
internal static class Selected
{
    /// <summary>The positions of true values, ascending.</summary>
    public static long[] Positions(ReadOnlySpan<bool> mask)
    {
        var positions = new long[System.MemoryExtensions.Count(mask, true)];
        var next = 0;
        for (var i = 0; next < positions.Length; i++)
        {
            if (mask[i]) positions[next++] = i;
        }

        return positions;
    }
}
