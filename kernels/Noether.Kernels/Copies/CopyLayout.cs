namespace Noether.Kernels.Copies;

/// <summary>Which elements a copy moves where, in as few axes as say it: what the kernels of copies are chosen by.</summary>
/// <remarks>
/// Axes of size 1 are dropped, the others sorted so that the destination is walked in its order, and those joined that lie behind one another
/// on both sides. A copy's elements may move in any order, so this changes nothing but the speed.
/// </remarks>
public sealed class CopyLayout
{
    // A tile's edge is 32: with half of it idle, reads that are apart cost no more.
    private const int LeastTransposed = 16;

    private readonly CopyAxis[] axes; // outermost first

    private CopyLayout(CopyAxis[] axes, long fromOffset, long toOffset)
    {
        this.axes = axes;
        (FromOffset, ToOffset) = (fromOffset, toOffset);
    }

    /// <summary>Where the source's first element lies.</summary>
    internal long FromOffset { get; }

    /// <summary>Where the destination's first element lies.</summary>
    internal long ToOffset { get; }

    /// <summary>The axes, the destination's innermost last.</summary>
    internal ReadOnlySpan<CopyAxis> Axes => axes;

    /// <summary>How many elements move.</summary>
    internal long Count
    {
        get
        {
            var count = 1L;
            foreach (var axis in axes) count *= axis.Size;
            return count;
        }
    }

    /// <summary>Elements that lie behind one another on both sides.</summary>
    internal long Run => axes.Length > 0 && axes[^1] is { From: 1, To: 1 } last ? last.Size : 1;

    /// <summary>True if all elements lie behind one another on both sides.</summary>
    internal bool IsRun => Run == Count;

    /// <summary>The layout of a copy between strided operands of equal sizes.</summary>
    /// <param name="sizes">The sizes, outermost first.</param>
    /// <param name="from">The source's elements from one coordinate to the next, an entry an axis.</param>
    /// <param name="fromOffset">Where the source's coordinate 0 lies.</param>
    /// <param name="to">As <paramref name="from"/>, of the destination; places must differ.</param>
    /// <param name="toOffset">As <paramref name="fromOffset"/>, of the destination.</param>
    /// <exception cref="ArgumentException">There is not a stride for each size.</exception>
    public static CopyLayout Create(ReadOnlySpan<int> sizes, ReadOnlySpan<long> from, long fromOffset, ReadOnlySpan<long> to, long toOffset)
    {
        if (sizes.Length != from.Length || sizes.Length != to.Length)
            throw new ArgumentException($"CopyLayout: {sizes.Length} sizes but {from.Length} and {to.Length} strides");
        var axes = new List<CopyAxis>();
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] != 1) axes.Add(new(sizes[axis], from[axis], to[axis]));
        }

        var given = Joined(axes);
        CopyAxis[] sorted = Joined([.. axes.OrderByDescending(axis => Math.Abs(axis.To))]);
        // An index map joins what is in one operand's order, and has a largest rank: with many axes the given order may fit better.
        return new(sorted.Length > IndexMap.MaxRank ? given : sorted, fromOffset, toOffset);
    }

    /// <summary>The same copy in units of several elements, of which its runs and all its steps are multiples.</summary>
    internal CopyLayout InUnits(int elements)
    {
        var wide = Array.ConvertAll(axes, axis => axis with { From = axis.From / elements, To = axis.To / elements });
        wide[^1] = new(axes[^1].Size / elements, 1, 1);
        return new(wide, FromOffset / elements, ToOffset / elements);
    }

    /// <summary>True if the copy may move units of several elements.</summary>
    internal bool HasUnits(int elements)
    {
        var isMultiple = Run % elements == 0 && FromOffset % elements == 0 && ToOffset % elements == 0;
        for (var axis = 0; axis < axes.Length - 1; axis++) isMultiple &= axes[axis].From % elements == 0 && axes[axis].To % elements == 0;
        return isMultiple;
    }

    /// <summary>Takes apart a copy whose sides have their neighbours along different axes; false if another way is as good.</summary>
    /// <param name="row">The axis of the destination's neighbours.</param>
    /// <param name="column">The axis of the source's neighbours.</param>
    /// <param name="others">The other axes.</param>
    internal bool TryTranspose(out CopyAxis row, out CopyAxis column, out CopyLayout others)
    {
        (row, column, others) = (default, default, this);
        if (axes.Length < 2) return false;
        var near = axes.Length - 1;
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (Math.Abs(axes[axis].From) < Math.Abs(axes[near].From)) near = axis;
        }

        (row, column) = (axes[^1], axes[near]);
        // A stride of 0 is read once, wherever it stands.
        if (near == axes.Length - 1 || column.From == 0 || row.Size < LeastTransposed || column.Size < LeastTransposed) return false;
        var batch = axes.ToList();
        batch.RemoveAt(batch.Count - 1);
        batch.RemoveAt(near);
        others = new([.. batch], FromOffset, ToOffset);
        return true;
    }

    /// <summary>Where the source's elements lie, in the order of the axes.</summary>
    internal IndexMap From() => IndexMap.Create(Sizes(), Array.ConvertAll(axes, axis => axis.From), FromOffset);

    /// <summary>Where the destination's elements lie, in the order of the axes.</summary>
    internal IndexMap To() => IndexMap.Create(Sizes(), Array.ConvertAll(axes, axis => axis.To), ToOffset);

    private int[] Sizes() => Array.ConvertAll(axes, axis => axis.Size);

    private static CopyAxis[] Joined(List<CopyAxis> axes)
    {
        var joined = new List<CopyAxis>(axes.Count);
        foreach (var axis in axes)
        {
            var outer = joined.Count > 0 ? joined[^1] : default;
            if (joined.Count > 0 && outer.From == axis.Size * axis.From && outer.To == axis.Size * axis.To && (long)outer.Size * axis.Size <= int.MaxValue)
                joined[^1] = axis with { Size = outer.Size * axis.Size };
            else
                joined.Add(axis);
        }

        return [.. joined];
    }
}
