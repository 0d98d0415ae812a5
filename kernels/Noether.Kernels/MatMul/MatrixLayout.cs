using Noether.Kernels.Copies;

namespace Noether.Kernels.MatMul;

/// <summary>Where the matrices of a batch lie: the start of each by an index map, then a stride a row and a stride a column.</summary>
public struct MatrixLayout
{
    /// <summary>The start of the batch's matrix b; stride 0 shares one matrix among all.</summary>
    public IndexMap Batch;

    /// <summary>Elements from one row to the next; any sign, 0 allowed.</summary>
    public long RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride;

    /// <summary>True if neighbours of a column lie side by side and neighbours of a row do not.</summary>
    public readonly bool IsColumnMajor => RowStride == 1 && ColumnStride != 1;

    /// <summary>True if four neighbours along the direction that lies side by side can be one load, wherever a multiple of four begins.</summary>
    public readonly bool HasQuads =>
        Batch.IsMultipleOf(4) && (IsColumnMajor ? ColumnStride % 4 == 0 : ColumnStride == 1 && RowStride % 4 == 0);

    /// <summary>Dense row-major matrices, one behind the other.</summary>
    /// <param name="rows">Rows of each.</param>
    /// <param name="columns">Columns of each.</param>
    /// <param name="batch">How many.</param>
    /// <exception cref="ArgumentException">More than 2³¹ - 1 matrices.</exception>
    public static MatrixLayout RowMajor(long rows, long columns, int batch = 1) =>
        new() { Batch = IndexMap.Create([batch], [rows * columns]), RowStride = columns, ColumnStride = 1 };
}
