using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Attention;

/// <summary><c>moved[i] = Σ_c dy[i, c]·y[i, c] - dlse[i]</c>: what attention's reverse pass takes from each row of dP.</summary>
/// <typeparam name="TStored">An element of y and dy.</typeparam>
/// <typeparam name="T">float or double: what is calculated in.</typeparam>
/// <typeparam name="TNumber">How elements are read.</typeparam>
/// <remarks>
/// Algorithm: 16 lanes a row, strided; the first adds up what they have.
/// Layout:    y and dy [matrices, m, e] in any strides; dlse and moved [matrices, m] dense.
/// Limit:     bandwidth: one read of y and dy.
/// Order:     fixed: equal bits on every run.
/// Reference: <see cref="AttentionReference"/>.
/// </remarks>
public sealed class AttentionRowsKernel<TStored, T, TNumber>(Accelerator accelerator)
    where TStored : unmanaged
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<TStored, T>
{
    private const int Lanes = 16;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, MatrixLayout, ArrayView<TStored>, MatrixLayout, ArrayView<T>, ArrayView<T>, int, int> launch =
        accelerator.LoadKernel<ArrayView<TStored>, MatrixLayout, ArrayView<TStored>, MatrixLayout, ArrayView<T>, ArrayView<T>, int, int>(
            Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues the sums.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="y">The output's memory.</param>
    /// <param name="output">Its layout.</param>
    /// <param name="dy">Its cotangent's memory.</param>
    /// <param name="cotangent">Its layout.</param>
    /// <param name="sumsCotangent">dlse.</param>
    /// <param name="moved">Overwritten.</param>
    /// <param name="queries">m.</param>
    /// <param name="width">e.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<TStored> y, in MatrixLayout output, ArrayView<TStored> dy, in MatrixLayout cotangent, ArrayView<T> sumsCotangent,
        ArrayView<T> moved, int queries, int width)
    {
        if (moved.Length == 0) return;
        launch(stream, Grids.Over(accelerator, moved.Length * Lanes), y, output, dy, cotangent, sumsCotangent, moved, queries, width);
    }

    private static void Kernel(
        ArrayView<TStored> y, MatrixLayout output, ArrayView<TStored> dy, MatrixLayout cotangent, ArrayView<T> sumsCotangent, ArrayView<T> moved, int queries, int width)
    {
        var shared = SharedMemory.Allocate<T>(Grids.MaxThreads);
        var row = Grids.Thread / Lanes;
        var lane = Group.IdxX % Lanes;
        var sum = T.Zero;
        if (row < moved.Length)
        {
            var matrix = row / queries;
            var line = row - matrix * queries;
            var from = output.Batch.At(matrix) + line * output.RowStride;
            var with = cotangent.Batch.At(matrix) + line * cotangent.RowStride;
            for (var c = lane; c < width; c += Lanes) sum += TNumber.Read(dy[with + c * cotangent.ColumnStride]) * TNumber.Read(y[from + c * output.ColumnStride]);
        }

        shared[Group.IdxX] = sum;
        Group.Barrier();
        if (lane != 0 || row >= moved.Length) return;
        for (var other = 1; other < Lanes; other++) sum += shared[Group.IdxX + other];
        moved[row] = sum - sumsCotangent[row];
    }
}
