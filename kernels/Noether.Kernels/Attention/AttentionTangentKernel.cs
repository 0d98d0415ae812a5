using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Attention;

/// <summary>
/// Attention's tangent, without a matrix of scores. With <c>P = exp(scale·q·kᵀ + mask - lse)</c> and <c>S' = scale·(q'·kᵀ + q·k'ᵀ)</c>:
/// <c>lse' = rows(P ∘ S')</c> and <c>y' = (P ∘ S')·v + P·v' - lse' ∘ y</c>.
/// </summary>
/// <typeparam name="TStored">An element of the operands and of y.</typeparam>
/// <typeparam name="T">float or double: what is calculated in, and what lse is of.</typeparam>
/// <typeparam name="TNumber">Its functions.</typeparam>
/// <typeparam name="TPanel">Columns of y' that a group makes; wider values take several panels, each with the scores again.</typeparam>
/// <remarks>
/// Algorithm: one pass over the keys, 64 at a time, for a group's 64 queries. The forward pass left lse, so there is no maximum to follow: scores turn
///            to weights at once; the sum takes them times v'; then S' is multiplied in where the weights lie, its rows are added up, and the same
///            sum takes that times v. Both turns are one loop's: its code, which compilers must not double, chooses operands. Under the causal
///            rule blocks of keys that no query of the group sees are skipped.
/// Layout:    operands by <see cref="AttentionTangentLayouts"/>; y, lse and the results dense.
/// Limit:     float32 multiplications: 2mn(3d + 2e) operations.
/// Order:     keys in order, halves of a block of keys in order: equal bits on every run.
/// Reference: <see cref="AttentionReference"/>.
/// </remarks>
public sealed class AttentionTangentKernel<TStored, T, TNumber, TPanel>(Accelerator accelerator)
    where TStored : unmanaged
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<TStored, T>
    where TPanel : struct, IAttentionPanel
{
    private const int Threads = AttentionTiles<TStored, T, TNumber>.Threads;
    private const int Tile = AttentionTiles<TStored, T, TNumber>.Tile;
    private const int Stride = AttentionTiles<TStored, T, TNumber>.Stride;
    private const int Half = Tile * Tile / Threads; // keys of a block that a thread looks at

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<byte>, ArrayView<TStored>, AttentionTangentLayouts, ArrayView<TStored>, ArrayView<T>, ArrayView<TStored>, ArrayView<T>, AttentionSizes<T>> launch =
        accelerator.LoadKernel<ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, ArrayView<byte>, ArrayView<TStored>, AttentionTangentLayouts, ArrayView<TStored>, ArrayView<T>, ArrayView<TStored>, ArrayView<T>, AttentionSizes<T>>(
            Kernel, new KernelSpecialization(Threads, null));

    private static int Columns => TPanel.IsWide ? 2 * Tile : Tile;

    /// <summary>Enqueues the tangent.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="q">The queries' memory.</param>
    /// <param name="k">The keys' memory.</param>
    /// <param name="v">The values' memory.</param>
    /// <param name="dq">The queries' tangent's memory.</param>
    /// <param name="dk">The keys' tangent's memory.</param>
    /// <param name="dv">The values' tangent's memory.</param>
    /// <param name="seen">The mask's memory if it is of bytes; else any view.</param>
    /// <param name="added">The mask's memory if it is of numbers; else any view.</param>
    /// <param name="layouts">Where the operands lie in them.</param>
    /// <param name="y">The output, [matrices, m, e].</param>
    /// <param name="lse">[matrices, m].</param>
    /// <param name="dy">[matrices, m, e]; overwritten.</param>
    /// <param name="sums">lse', [matrices, m]; overwritten. Says how many matrices there are.</param>
    /// <param name="sizes">Sizes and rules.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<TStored> q, ArrayView<TStored> k, ArrayView<TStored> v, ArrayView<TStored> dq, ArrayView<TStored> dk, ArrayView<TStored> dv, ArrayView<byte> seen, ArrayView<TStored> added,
        in AttentionTangentLayouts layouts, ArrayView<TStored> y, ArrayView<T> lse, ArrayView<TStored> dy, ArrayView<T> sums, in AttentionSizes<T> sizes)
    {
        if (sums.Length == 0) return;
        var matrices = sums.Length / sizes.Queries;
        var groups = matrices * Parts(sizes.Queries, Tile) * Math.Max(1, Parts(sizes.Width, Columns));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, int.MaxValue);
        launch(stream, new KernelConfig((int)groups, Threads), q, k, v, dq, dk, dv, seen, added, layouts, y, lse, dy, sums, sizes);
    }

    private static int Parts(int size, int part) => (size + part - 1) / part;

    private static void Kernel(
        ArrayView<TStored> q, ArrayView<TStored> k, ArrayView<TStored> v, ArrayView<TStored> dq, ArrayView<TStored> dk, ArrayView<TStored> dv, ArrayView<byte> seen, ArrayView<TStored> added,
        AttentionTangentLayouts layouts, ArrayView<TStored> y, ArrayView<T> lse, ArrayView<TStored> dy, ArrayView<T> sums, AttentionSizes<T> sizes)
    {
        var buffer = SharedMemory.Allocate<Four<T>>(2 * TNumber.Step * (Stride / 4));
        var weights = SharedMemory.Allocate<Four<T>>(Tile * (Stride / 4)); // [key, query]
        var totals = SharedMemory.Allocate<Four<T>>(Tile / 4);
        var halves = SharedMemory.Allocate<T>(Threads);
        var weight = weights.Cast<T>();

        var columns = TPanel.IsWide ? 2 * Tile : Tile;
        var across = sizes.Width == 0 ? 1 : (sizes.Width + columns - 1) / columns;
        var down = (sizes.Queries + Tile - 1) / Tile;
        var block = Grid.IdxX / across;
        var column = (Grid.IdxX - block * across) * columns;
        var matrix = block / down;
        var first = (block - matrix * down) * Tile;

        var query = MatrixRows<TStored, T, TNumber>.Of(q, layouts.Operands.Query, matrix, sizes.Queries);
        var keys = MatrixRows<TStored, T, TNumber>.Of(k, layouts.Operands.Key, matrix, sizes.Keys);
        var values = MatrixRows<TStored, T, TNumber>.Of(v, layouts.Operands.Value, matrix, sizes.Keys);
        var queryTangent = MatrixRows<TStored, T, TNumber>.Of(dq, layouts.Query, matrix, sizes.Queries);
        var keyTangent = MatrixRows<TStored, T, TNumber>.Of(dk, layouts.Key, matrix, sizes.Keys);
        var valueTangent = MatrixRows<TStored, T, TNumber>.Of(dv, layouts.Value, matrix, sizes.Keys);
        var mask = AttentionMask<TStored, T, TNumber>.Of(seen, added, layouts.Operands.Mask, matrix, sizes);

        var row = Group.IdxX % Tile;
        var half = Group.IdxX / Tile * Half;
        var own = (long)matrix * sizes.Queries + first + row;
        var known = first + row < sizes.Queries ? lse[own] : T.Zero;
        var shift = known == TNumber.Hidden ? T.Zero : known; // saw nothing: its scores are -∞, its weights 0
        var sum = T.Zero;
        RegisterTile<T> left = default, right = default;
        var end = sizes.Causal != 0 && first + Tile < sizes.Keys ? first + Tile : sizes.Keys;
        for (var key = 0; key < end; key += Tile)
        {
            // Weights, which go with v'; then they times S', which go with v.
            for (var moves = 0; moves < 2; moves++)
            {
                RegisterTile<T> scores = default;
                for (var term = 0; term <= moves; term++)
                {
                    var a = term < moves ? queryTangent : query;
                    var b = term > 0 ? keyTangent : keys;
                    scores = AttentionTiles<TStored, T, TNumber>.AddScores(scores, buffer, a, first, b, key, sizes.Depth);
                }

                if (moves == 0) AttentionTiles<TStored, T, TNumber>.Store(weights, scores);
                else AttentionTiles<TStored, T, TNumber>.Multiply(weights, scores, sizes.Scale);
                Group.Barrier();
                for (var j = half; j < half + Half; j++)
                {
                    var x = weight[j * Stride + row];
                    if (moves == 0) weight[j * Stride + row] = TNumber.Exp(mask.Apply(x * sizes.Scale, first + row, key + j) - shift);
                    else sum += x;
                }

                Group.Barrier();
                var panel = moves == 0 ? valueTangent : values;
                for (var j = 0; j < Tile && key + j < end; j += TNumber.Step)
                {
                    AttentionTiles<TStored, T, TNumber>.LoadPanel(buffer, panel, key + j, column, sizes.Width, columns);
                    Group.Barrier();
                    left = AttentionTiles<TStored, T, TNumber>.AddPanel(left, weights, j, buffer, 0, columns / 4 + 1);
                    if (TPanel.IsWide) right = AttentionTiles<TStored, T, TNumber>.AddPanel(right, weights, j, buffer, Tile / 4, columns / 4 + 1);
                    Group.Barrier();
                }
            }
        }

        halves[Group.IdxX] = sum;
        Group.Barrier();
        if (half == 0)
        {
            var total = halves[row] + halves[row + Tile];
            totals.Cast<T>()[row] = total;
            if (column == 0 && first + row < sizes.Queries) sums[own] = total;
        }

        Group.Barrier();
        var start = (long)matrix * sizes.Queries * sizes.Width;
        Four<T> upper = totals[Group.IdxX / 16 * 2], lower = totals[Group.IdxX / 16 * 2 + 1];
        AttentionTiles<TStored, T, TNumber>.WriteLess(dy, start, left, y, upper, lower, first, sizes.Queries, column, sizes.Width);
        if (TPanel.IsWide) AttentionTiles<TStored, T, TNumber>.WriteLess(dy, start, right, y, upper, lower, first, sizes.Queries, column + Tile, sizes.Width);
    }
}
