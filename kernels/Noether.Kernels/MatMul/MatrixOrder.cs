using System.Runtime.CompilerServices;

namespace Noether.Kernels.MatMul;

/// <summary>Dense matrices of results, one behind the other.</summary>
internal struct MatrixOrder : IResultOrder
{
    public long Start; // the number of the matrix's first element
    private int rows, columns;

    public readonly int Run => 4;

    public readonly int Rows => rows;

    public readonly int Columns => columns;

    public static MatrixOrder Of(ProductSizes sizes, int matrix) =>
        new() { Start = (long)matrix * sizes.Rows * sizes.Columns, rows = sizes.Rows, columns = sizes.Columns };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long At(int row, int column) => Start + (long)row * columns + column;
}
