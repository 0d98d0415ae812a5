using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Attention;

/// <summary>
/// One of attention's gradients. With <c>P = exp(scale·q·kᵀ + mask - lse)</c> and <c>dS = scale·P ∘ (dy·vᵀ - moved)</c>:
/// <c>dq = dS·k</c>, <c>dk = dSᵀ·q</c>, <c>dv = Pᵀ·dy</c>.
/// </summary>
/// <typeparam name="TStored">An element of the operands and of y.</typeparam>
/// <typeparam name="T">float or double: what is calculated in, and what lse is of.</typeparam>
/// <typeparam name="TNumber">Its functions.</typeparam>
/// <typeparam name="TPanel">Columns of the result that a group makes.</typeparam>
/// <typeparam name="TGradient">Which gradient.</typeparam>
/// <remarks>
/// Algorithm: a group has 64 rows of the result and walks the other side 64 lines at a time: the scores again, and for dS the products dy·vᵀ, which
///            stay in registers; two threads a row turn scores to weights; then the sum takes the tile times the operand. Three such kernels make
///            eight products instead of five, and need neither atomics nor buffers. Under the causal rule blocks without a visible pair are skipped.
/// Layout:    operands by <see cref="AttentionLayouts"/>; lse, moved and the result dense.
/// Limit:     float32 multiplications: 2mn(2d + e) operations for dq and for dk, 2mn(d + e) for dv.
/// Order:     lines in order: equal bits on every run.
/// Reference: <see cref="AttentionReference"/>.
/// </remarks>
public sealed class AttentionBackwardKernel<TStored, T, TNumber, TPanel, TGradient>(Accelerator accelerator)
    where TStored : unmanaged
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<TStored, T>
    where TPanel : struct, IAttentionPanel
    where TGradient : struct, IAttentionGradient
{
    private const int Threads = AttentionTiles<TStored, T, TNumber>.Threads;
    private const int Tile = AttentionTiles<TStored, T, TNumber>.Tile;
    private const int Stride = AttentionTiles<TStored, T, TNumber>.Stride;
    private const int Half = Tile * Tile / Threads; // lines of a block that a thread looks at

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<byte>, ArrayView<TStored>, AttentionLayouts, ArrayView<T>, ArrayView<T>, ArrayView<TStored>, AttentionSizes<T>> launch =
        accelerator.LoadKernel<ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<byte>, ArrayView<TStored>, AttentionLayouts, ArrayView<T>, ArrayView<T>, ArrayView<TStored>, AttentionSizes<T>>(
            Kernel, new KernelSpecialization(Threads, null));

    /// <summary>Enqueues the gradient.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="q">The queries' memory.</param>
    /// <param name="k">The keys' memory.</param>
    /// <param name="v">The values' memory.</param>
    /// <param name="dy">The output's cotangent's memory.</param>
    /// <param name="seen">The mask's memory if it is of bytes; else any view.</param>
    /// <param name="added">The mask's memory if it is of numbers; else any view.</param>
    /// <param name="layouts">Where the operands lie in them.</param>
    /// <param name="lse">[matrices, m].</param>
    /// <param name="moved">[matrices, m], from <see cref="AttentionRowsKernel{TStored, T, TNumber}"/>.</param>
    /// <param name="result">[matrices, rows, columns]; overwritten. Says how many matrices there are.</param>
    /// <param name="sizes">Sizes and rules.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<TStored> q, ArrayView<TStored> k, ArrayView<TStored> v, ArrayView<TStored> dy, ArrayView<byte> seen, ArrayView<TStored> added,
        in AttentionLayouts layouts, ArrayView<T> lse, ArrayView<T> moved, ArrayView<TStored> result, in AttentionSizes<T> sizes)
    {
        if (result.Length == 0) return;
        var rows = TGradient.RowsAreKeys ? sizes.Keys : sizes.Queries;
        var size = TGradient.TakesSlope ? sizes.Depth : sizes.Width;
        var groups = result.Length / ((long)rows * size) * Parts(rows, Tile) * Parts(size, TPanel.IsWide ? 2 * Tile : Tile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, int.MaxValue);
        launch(stream, new KernelConfig((int)groups, Threads), q, k, v, dy, seen, added, layouts, lse, moved, result, sizes);
    }

    private static int Parts(int size, int part) => (size + part - 1) / part;

    private static void Kernel(
        ArrayView<TStored> q, ArrayView<TStored> k, ArrayView<TStored> v, ArrayView<TStored> dy, ArrayView<byte> seen, ArrayView<TStored> added, AttentionLayouts layouts,
        ArrayView<T> lse, ArrayView<T> moved, ArrayView<TStored> result, AttentionSizes<T> sizes)
    {
        var buffer = SharedMemory.Allocate<Four<T>>(2 * TNumber.Step * (Stride / 4));
        var weights = SharedMemory.Allocate<Four<T>>(Tile * (Stride / 4)); // [line, row]
        var means = SharedMemory.Allocate<Four<T>>(Tile / 4);
        var weight = weights.Cast<T>();
        var mean = means.Cast<T>();

        var rows = TGradient.RowsAreKeys ? sizes.Keys : sizes.Queries;
        var lines = TGradient.RowsAreKeys ? sizes.Queries : sizes.Keys;
        var size = TGradient.TakesSlope ? sizes.Depth : sizes.Width;
        var columns = TPanel.IsWide ? 2 * Tile : Tile;
        var across = (size + columns - 1) / columns;
        var down = (rows + Tile - 1) / Tile;
        var block = Grid.IdxX / across;
        var column = (Grid.IdxX - block * across) * columns;
        var matrix = block / down;
        var first = (block - matrix * down) * Tile;

        var query = MatrixRows<TStored, T, TNumber>.Of(q, layouts.Query, matrix, sizes.Queries);
        var key = MatrixRows<TStored, T, TNumber>.Of(k, layouts.Key, matrix, sizes.Keys);
        var value = MatrixRows<TStored, T, TNumber>.Of(v, layouts.Value, matrix, sizes.Keys);
        var cotangent = MatrixRows<TStored, T, TNumber>.Of(dy, layouts.Cotangent, matrix, sizes.Queries);
        var mask = AttentionMask<TStored, T, TNumber>.Of(seen, added, layouts.Mask, matrix, sizes);
        var start = (long)matrix * sizes.Queries;

        var row = Group.IdxX % Tile;
        var half = Group.IdxX / Tile * Half;
        RegisterTile<T> left = default, right = default;
        var begin = TGradient.RowsAreKeys && sizes.Causal != 0 ? first : 0;
        var end = !TGradient.RowsAreKeys && sizes.Causal != 0 && first + Tile < lines ? first + Tile : lines;
        for (var line = begin; line < end; line += Tile)
        {
            if (TGradient.TakesSlope && Group.IdxX < Tile)
            {
                var at = (TGradient.RowsAreKeys ? line : first) + Group.IdxX;
                mean[Group.IdxX] = at < sizes.Queries ? moved[start + at] : T.Zero;
            }

            // Scores, which turn to weights; then, for slopes, the products dy·vᵀ, which they are multiplied by. One loop: compilers have half the code.
            for (var turn = 0; turn < (TGradient.TakesSlope ? 2 : 1); turn++)
            {
                var a = TGradient.RowsAreKeys ? turn == 0 ? key : value : turn == 0 ? query : cotangent;
                var b = TGradient.RowsAreKeys ? turn == 0 ? query : cotangent : turn == 0 ? key : value;
                var tile = AttentionTiles<TStored, T, TNumber>.Scores(buffer, a, first, b, line, turn == 0 ? sizes.Depth : sizes.Width);
                if (turn == 0)
                {
                    AttentionTiles<TStored, T, TNumber>.Store(weights, tile);
                }
                else
                {
                    // Means belong to queries: to the tile's columns where its rows are keys.
                    tile = TGradient.RowsAreKeys
                        ? RegisterTile<T>.LessColumns(tile, means[Group.IdxX % 16])
                        : RegisterTile<T>.LessRows(tile, means[Group.IdxX / 16 * 2], means[Group.IdxX / 16 * 2 + 1]);
                    AttentionTiles<TStored, T, TNumber>.Multiply(weights, tile, sizes.Scale);
                }

                Group.Barrier();
                for (var j = half; j < half + Half && turn == 0; j++)
                {
                    var i = TGradient.RowsAreKeys ? line + j : first + row;
                    var score = mask.Apply(weight[j * Stride + row] * sizes.Scale, i, TGradient.RowsAreKeys ? first + row : line + j);
                    var sum = i < sizes.Queries ? lse[start + i] : T.Zero;
                    weight[j * Stride + row] = TNumber.Exp(score - (sum == TNumber.Hidden ? T.Zero : sum));
                }

                Group.Barrier();
            }

            for (var j = 0; j < Tile && line + j < end; j += TNumber.Step)
            {
                if (!TGradient.TakesSlope) AttentionTiles<TStored, T, TNumber>.LoadPanel(buffer, cotangent, line + j, column, size, columns);
                else if (TGradient.RowsAreKeys) AttentionTiles<TStored, T, TNumber>.LoadPanel(buffer, query, line + j, column, size, columns);
                else AttentionTiles<TStored, T, TNumber>.LoadPanel(buffer, key, line + j, column, size, columns);
                Group.Barrier();
                left = AttentionTiles<TStored, T, TNumber>.AddPanel(left, weights, j, buffer, 0, columns / 4 + 1);
                if (TPanel.IsWide) right = AttentionTiles<TStored, T, TNumber>.AddPanel(right, weights, j, buffer, Tile / 4, columns / 4 + 1);
                Group.Barrier();
            }
        }

        var to = (long)matrix * rows * size;
        AttentionTiles<TStored, T, TNumber>.Write(result, to, left, first, rows, column, size);
        if (TPanel.IsWide) AttentionTiles<TStored, T, TNumber>.Write(result, to, right, first, rows, column + Tile, size);
    }
}
