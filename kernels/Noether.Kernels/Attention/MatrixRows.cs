using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Attention;

/// <summary>One matrix of a batch, 0 outside.</summary>
internal struct MatrixRows<TStored, T, TNumber> : IAttentionRows<T>
    where TStored : unmanaged
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<TStored, T>
{
    private ArrayView<TStored> memory;
    private long start;
    private long rowStride;
    private long columnStride;
    private int rows;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MatrixRows<TStored, T, TNumber> Of(ArrayView<TStored> memory, MatrixLayout layout, int matrix, int rows) => new()
    {
        memory = memory,
        start = layout.Batch.At(matrix),
        rowStride = layout.RowStride,
        columnStride = layout.ColumnStride,
        rows = rows,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T At(int row, int column, int columns) =>
        row < rows && column < columns ? TNumber.Read(memory[start + row * rowStride + column * columnStride]) : T.Zero;
}
