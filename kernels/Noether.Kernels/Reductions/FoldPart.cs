using ILGPU;

namespace Noether.Kernels.Reductions;

/// <summary>The elements of a line that the calling thread folds, and where it is among them. Inside kernels only.</summary>
internal struct FoldPart
{
    /// <summary>The line's number; 0 beyond the last.</summary>
    public long Line;

    /// <summary>Where the partial of the line's part goes.</summary>
    public long Partial;

    /// <summary>Where the next element (or quad) lies.</summary>
    public long Address;

    /// <summary>Which of the line's it is.</summary>
    public long Position;

    /// <summary>Which of its run.</summary>
    public long Low;

    /// <summary>Where the positions of the line's part end.</summary>
    public long End;

    /// <summary>All that the line's part has.</summary>
    public long Count;

    /// <summary>Threads of the line that have any: the first.</summary>
    public int Active;

    /// <summary>1 for the thread that writes the line's result, else 0.</summary>
    public int Writes;

    /// <summary>The part of the calling thread; nothing for those beyond the last line, who only join.</summary>
    public static FoldPart Here(FoldSizes sizes)
    {
        var column = Group.IdxX & (sizes.Width - 1);
        var place = Group.IdxX >> sizes.WidthBits & (sizes.Height - 1);
        var bits = sizes.WidthBits + sizes.HeightBits;
        var part = Grid.IdxY;
        var bundle = (long)Grid.IdxX * (Group.DimX >> bits) + (Group.IdxX >> bits);
        var outer = sizes.Stripes < sizes.Bundles ? (uint)bundle / (uint)sizes.Stripes : 0L; // a division of 64 bits is a call
        var inner = (bundle - outer * sizes.Stripes << sizes.WidthBits) + column;
        var exists = bundle < sizes.Bundles && inner < sizes.Inner;
        var from = part * sizes.PartLength;
        var count = sizes.Positions - from < sizes.PartLength ? sizes.Positions - from : sizes.PartLength;
        if (!exists) count = 0;
        var position = from + place;
        var run = sizes.Low < sizes.Positions ? (uint)position / (uint)sizes.Low : 0L;
        var low = position - run * sizes.Low;
        return new()
        {
            Line = exists ? outer * sizes.Inner + inner : 0,
            Partial = (outer * sizes.Parts + part) * sizes.Inner + inner,
            Address = outer * sizes.OuterStride + inner * sizes.LineStride + run * sizes.HighStride + low * sizes.LowStride,
            Position = position,
            Low = low,
            End = from + count,
            Count = count,
            Active = count < sizes.Height ? (int)count : sizes.Height,
            Writes = exists && place == 0 ? 1 : 0,
        };
    }
}
