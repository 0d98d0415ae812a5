using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.MatMul;

/// <summary>A thread's eight chunks of one factor in every stage, on their way from global to shared memory.</summary>
internal struct TensorCoreCopy<TNumber, TOrder, TEdges>
    where TNumber : struct, ITensorCoreNumber
    where TOrder : struct, IFactorOrder
    where TEdges : struct, IProductEdges
{
    private long address;
    private long rowBytes;   // from one of the thread's rows to the next
    private long stageBytes; // from one stage to the next
    private int place;
    private int lines; // the matrix's that are left from the first chunk on
    private int depth; // the same of the depth

    private static int RowsAtOnce => TensorCoreTile.RowsAtOnce<TNumber, TOrder>();

    /// <summary>The first stage's copy.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="matrix">Which of its matrices.</param>
    /// <param name="lineStride">Elements from one line to the next.</param>
    /// <param name="depthStride">Elements from one depth to the next.</param>
    /// <param name="firstLine">The tile's first line.</param>
    /// <param name="lines">Lines of the matrix.</param>
    /// <param name="begin">The first depth.</param>
    /// <param name="end">The depth to stop at.</param>
    /// <param name="place">Where the factor begins in a stage.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorCoreCopy<TNumber, TOrder, TEdges> Of(
        TensorCoreFactor factor, int matrix, long lineStride, long depthStride, int firstLine, int lines, int begin, int end, int place)
    {
        var chunk = Group.IdxX % TensorCoreTile.Chunks<TNumber, TOrder>();
        var row = Group.IdxX / TensorCoreTile.Chunks<TNumber, TOrder>();
        var element = chunk * TensorCoreTile.Elements<TNumber>();
        var line = firstLine + (TOrder.IsAlongDepth ? row : element);
        var depth = begin + (TOrder.IsAlongDepth ? element : row);
        // The direction along a row has neighbours side by side.
        var start = factor.Layout.Batch.At(matrix) + (TOrder.IsAlongDepth ? line * lineStride + depth : line + depth * depthStride);
        return new()
        {
            address = factor.Address + start * TNumber.Bytes,
            rowBytes = RowsAtOnce * TNumber.Bytes * (TOrder.IsAlongDepth ? lineStride : depthStride),
            stageBytes = TOrder.IsAlongDepth ? TensorCoreTile.DepthBytes : TensorCoreTile.DepthBytes * depthStride,
            place = place + TensorCoreTile.Place<TNumber, TOrder>(row, chunk),
            lines = lines - line,
            depth = end - depth,
        };
    }

    /// <summary>Enqueues the copy of a stage to where the stage begins in shared memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Enqueue(int stage)
    {
        if (!TEdges.AreGuarded)
        {
            CudaAsm.Emit(CopyText.Whole, stage + place, address, rowBytes);
            return;
        }

        var along = TOrder.IsAlongDepth ? depth : lines; // a row
        var rows = TOrder.IsAlongDepth ? lines : depth;
        var elements = along < 0 ? 0 : along > TensorCoreTile.Elements<TNumber>() ? TensorCoreTile.Elements<TNumber>() : along;
        var chunks = rows < 0 ? 0 : (rows + RowsAtOnce - 1) / RowsAtOnce;
        CudaAsm.Emit(CopyText.Guarded, stage + place, address, rowBytes, elements * TNumber.Bytes, chunks);
    }

    /// <summary>The next stage's copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorCoreCopy<TNumber, TOrder, TEdges> Advance(TensorCoreCopy<TNumber, TOrder, TEdges> copy)
    {
        copy.address += copy.stageBytes;
        copy.depth -= TensorCoreTile.Depth<TNumber>();
        return copy;
    }
}
