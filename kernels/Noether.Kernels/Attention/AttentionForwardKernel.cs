using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Attention;

/// <summary><c>y = softmax(scale·q·kᵀ + mask)·v</c> and the logarithm of each row's softmax sum, without a matrix of scores.</summary>
/// <typeparam name="TStored">An element of the operands and of y.</typeparam>
/// <typeparam name="T">float or double: what is calculated in, and what lse is of.</typeparam>
/// <typeparam name="TNumber">Its functions.</typeparam>
/// <typeparam name="TPanel">Columns of y that a group makes; wider values take several panels, each with the scores again.</typeparam>
/// <remarks>
/// Algorithm: online softmax (Milakov and Gimelshein 2018; Dao et al. 2022, "FlashAttention"). A group has 64 queries and walks the keys 64 at a
///            time: scores from q and k, brought to shared memory a few columns at a time; then two threads a query apply the mask, find the
///            new maximum and turn scores to weights; then the sums, scaled to the new maximum, take the weights times v. Under the causal rule
///            blocks of keys that no query of the group sees are skipped.
/// Layout:    operands by <see cref="AttentionLayouts"/>; y [matrices, m, e] and lse [matrices, m] dense. Any depth, any width.
/// Limit:     float32 multiplications: 2mn(d + e) operations; from memory and the second-level cache n(2d + e) elements for each 64 queries.
/// Order:     keys in order, halves of a block of keys in order: equal bits on every run.
/// Reference: <see cref="AttentionReference"/>.
/// </remarks>
public sealed class AttentionForwardKernel<TStored, T, TNumber, TPanel>(Accelerator accelerator)
    where TStored : unmanaged
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<TStored, T>
    where TPanel : struct, IAttentionPanel
{
    private const int Threads = AttentionTiles<TStored, T, TNumber>.Threads;
    private const int Tile = AttentionTiles<TStored, T, TNumber>.Tile;
    private const int Stride = AttentionTiles<TStored, T, TNumber>.Stride;
    private const int Half = Tile * Tile / Threads; // keys of a block that a thread looks at

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<byte>, ArrayView<TStored>, AttentionLayouts, ArrayView<TStored>, ArrayView<T>, AttentionSizes<T>> launch =
        accelerator.LoadKernel<ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<byte>, ArrayView<TStored>, AttentionLayouts, ArrayView<TStored>, ArrayView<T>, AttentionSizes<T>>(
            Kernel, new KernelSpecialization(Threads, null));

    private static int Columns => TPanel.IsWide ? 2 * Tile : Tile;

    /// <summary>Enqueues the attention.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="q">The queries' memory.</param>
    /// <param name="k">The keys' memory.</param>
    /// <param name="v">The values' memory.</param>
    /// <param name="seen">The mask's memory if it is of bytes; else any view.</param>
    /// <param name="added">The mask's memory if it is of numbers; else any view.</param>
    /// <param name="layouts">Where the operands lie in them.</param>
    /// <param name="y">[matrices, m, e]; overwritten.</param>
    /// <param name="lse">[matrices, m]; overwritten. Says how many matrices there are.</param>
    /// <param name="sizes">Sizes and rules.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<TStored> q, ArrayView<TStored> k, ArrayView<TStored> v, ArrayView<byte> seen, ArrayView<TStored> added, in AttentionLayouts layouts,
        ArrayView<TStored> y, ArrayView<T> lse, in AttentionSizes<T> sizes)
    {
        if (lse.Length == 0) return;
        var matrices = lse.Length / sizes.Queries;
        var groups = matrices * Parts(sizes.Queries, Tile) * Math.Max(1, Parts(sizes.Width, Columns));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, int.MaxValue);
        launch(stream, new KernelConfig((int)groups, Threads), q, k, v, seen, added, layouts, y, lse, sizes);
    }

    private static int Parts(int size, int part) => (size + part - 1) / part;

    private static void Kernel(
        ArrayView<TStored> q, ArrayView<TStored> k, ArrayView<TStored> v, ArrayView<byte> seen, ArrayView<TStored> added, AttentionLayouts layouts,
        ArrayView<TStored> y, ArrayView<T> lse, AttentionSizes<T> sizes)
    {
        var buffer = SharedMemory.Allocate<Four<T>>(2 * TNumber.Step * (Stride / 4));
        var weights = SharedMemory.Allocate<Four<T>>(Tile * (Stride / 4)); // [key, query]
        var factors = SharedMemory.Allocate<Four<T>>(Tile / 4);
        var halves = SharedMemory.Allocate<T>(Threads);
        var weight = weights.Cast<T>();
        var factor = factors.Cast<T>();

        var columns = TPanel.IsWide ? 2 * Tile : Tile;
        var across = sizes.Width == 0 ? 1 : (sizes.Width + columns - 1) / columns;
        var down = (sizes.Queries + Tile - 1) / Tile;
        var block = Grid.IdxX / across;
        var column = (Grid.IdxX - block * across) * columns;
        var matrix = block / down;
        var first = (block - matrix * down) * Tile;

        var query = MatrixRows<TStored, T, TNumber>.Of(q, layouts.Query, matrix, sizes.Queries);
        var keys = MatrixRows<TStored, T, TNumber>.Of(k, layouts.Key, matrix, sizes.Keys);
        var values = MatrixRows<TStored, T, TNumber>.Of(v, layouts.Value, matrix, sizes.Keys);
        var mask = AttentionMask<TStored, T, TNumber>.Of(seen, added, layouts.Mask, matrix, sizes);

        var row = Group.IdxX % Tile;
        var half = Group.IdxX / Tile * Half;
        var rows = Group.IdxX / 16 * 2;
        T top = TNumber.Hidden, sum = T.Zero;
        RegisterTile<T> left = default, right = default;
        var end = sizes.Causal != 0 && first + Tile < sizes.Keys ? first + Tile : sizes.Keys;
        for (var key = 0; key < end; key += Tile)
        {
            AttentionTiles<TStored, T, TNumber>.Store(weights, AttentionTiles<TStored, T, TNumber>.Scores(buffer, query, first, keys, key, sizes.Depth));
            Group.Barrier();

            var most = TNumber.Hidden;
            for (var j = half; j < half + Half; j++)
            {
                var score = mask.Apply(weight[j * Stride + row] * sizes.Scale, first + row, key + j);
                weight[j * Stride + row] = score;
                if (score > most) most = score;
            }

            halves[Group.IdxX] = most;
            Group.Barrier();

            T most0 = halves[row], most1 = halves[row + Tile], newTop = top;
            if (most0 > newTop) newTop = most0;
            if (most1 > newTop) newTop = most1;
            var shift = newTop == TNumber.Hidden ? T.Zero : newTop; // -∞ - -∞ would be NaN
            var old = TNumber.Exp(top - shift);
            top = newTop;
            sum *= old;
            if (half == 0) factor[row] = old;
            for (var j = half; j < half + Half; j++)
            {
                var share = TNumber.Exp(weight[j * Stride + row] - shift);
                weight[j * Stride + row] = share;
                sum += share;
            }

            Group.Barrier();
            left = RegisterTile<T>.Scale(left, factors[rows], factors[rows + 1]);
            if (TPanel.IsWide) right = RegisterTile<T>.Scale(right, factors[rows], factors[rows + 1]);
            for (var j = 0; j < Tile && key + j < end; j += TNumber.Step)
            {
                AttentionTiles<TStored, T, TNumber>.LoadPanel(buffer, values, key + j, column, sizes.Width, columns);
                Group.Barrier();
                left = AttentionTiles<TStored, T, TNumber>.AddPanel(left, weights, j, buffer, 0, columns / 4 + 1);
                if (TPanel.IsWide) right = AttentionTiles<TStored, T, TNumber>.AddPanel(right, weights, j, buffer, Tile / 4, columns / 4 + 1);
                Group.Barrier();
            }
        }

        halves[Group.IdxX] = sum;
        Group.Barrier();
        var total = halves[row] + halves[row + Tile];
        if (half == 0)
        {
            factor[row] = total == T.Zero ? T.Zero : T.One / total;
            if (column == 0 && first + row < sizes.Queries) lse[(long)matrix * sizes.Queries + first + row] = top + TNumber.Log(total);
        }

        Group.Barrier();
        var start = (long)matrix * sizes.Queries * sizes.Width;
        AttentionTiles<TStored, T, TNumber>.Write(y, start, RegisterTile<T>.Scale(left, factors[rows], factors[rows + 1]), first, sizes.Queries, column, sizes.Width);
        if (TPanel.IsWide)
            AttentionTiles<TStored, T, TNumber>.Write(y, start, RegisterTile<T>.Scale(right, factors[rows], factors[rows + 1]), first, sizes.Queries, column + Tile, sizes.Width);
    }
}
