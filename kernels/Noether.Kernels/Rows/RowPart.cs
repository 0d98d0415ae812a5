using ILGPU;

namespace Noether.Kernels.Rows;

/// <summary>The elements of a row that the calling thread visits. Inside kernels only.</summary>
internal struct RowPart
{
    /// <summary>The row's number.</summary>
    public long Row;

    /// <summary>Where the thread's first element lies.</summary>
    public long From;

    /// <summary>Where its elements end.</summary>
    public long To;

    /// <summary>From one of its elements to the next.</summary>
    public long Step;

    /// <summary>1 for the thread that writes what there is one of a row, else 0.</summary>
    public int Writes;

    /// <summary>The part of the calling thread in a dense [outer, n, inner]; empty for threads past the last row, who only join.</summary>
    public static RowPart Here(long rows, long n, long inner, int lanes)
    {
        var lane = Group.IdxX & (lanes - 1);
        var row = (long)Grid.IdxX * (Group.DimX / lanes) + Group.IdxX / lanes;
        var outer = inner == 1 ? row : row / inner;
        var start = outer * n * inner + (row - outer * inner);
        var length = row < rows ? n * inner : 0;
        return new() { Row = row, From = start + lane * inner, To = start + length, Step = lanes * inner, Writes = lane == 0 && row < rows ? 1 : 0 };
    }
}
