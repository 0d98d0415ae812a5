using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Attention;

/// <summary>What keeps queries from keys, for one matrix of a batch.</summary>
internal struct AttentionMask<TStored, T, TNumber>
    where TStored : unmanaged
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<TStored, T>
{
    private ArrayView<byte> seen;
    private ArrayView<TStored> added;
    private long start;
    private long rowStride;
    private long columnStride;
    private int kind;
    private int causal;
    private int queries;
    private int keys;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AttentionMask<TStored, T, TNumber> Of(ArrayView<byte> seen, ArrayView<TStored> added, MatrixLayout layout, int matrix, AttentionSizes<T> sizes) => new()
    {
        seen = seen,
        added = added,
        start = layout.Batch.At(matrix),
        rowStride = layout.RowStride,
        columnStride = layout.ColumnStride,
        kind = sizes.Mask,
        causal = sizes.Causal,
        queries = sizes.Queries,
        keys = sizes.Keys,
    };

    /// <summary>The score under the mask: -∞ where the query may not look, and outside the matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Apply(T score, int query, int key)
    {
        if (query >= queries || key >= keys || (causal != 0 && key > query)) return TNumber.Hidden;
        if (kind == AttentionMaskKind.None) return score;
        var at = start + query * rowStride + key * columnStride;
        if (kind == AttentionMaskKind.Added) return score + TNumber.Read(added[at]);
        return seen[at] != 0 ? score : TNumber.Hidden;
    }
}
