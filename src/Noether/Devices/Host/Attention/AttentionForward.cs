using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>y = softmax(scale·q·kᵀ + mask)·v and the log-sum-exp of each row, block by block: the scores of all keys are never held.</summary>
/// <remarks>
/// Algorithm: FlashAttention (Dao et al. 2022) turned round, so that queries lie along the lanes. A panel of 2V queries, packed once as columns, meets
///            blocks of keys: scores Sᵀ[keys, 2V] = K·Qᵀ, running maximum and sum lane by lane, P = exp(S - maximum), then Oᵀ[e, 2V] += Vᵀ·P, for
///            which P lies as the product wants it. When the maximum grows, O and the sum are scaled down first. No shuffle anywhere but
///            the transposes of q and y.
/// Blocking:  128 keys: a panel of scores (128 x 32 floats) is 16 KiB, in L1; the block of keys and values (64 KiB for heads of 64) serves all panels
///            of a task from L2. With causal order, keys after a panel's last query are left out.
/// Parallel:  over heads and blocks of <see cref="PanelsPerTask"/> panels, the last queries (the longest in causal order) first.
/// Cost:      2mn(d + e) operations and mn exponentials; memory: one panel of scores and one of O a thread.
/// </remarks>
internal readonly unsafe struct AttentionForward<V, W, T> : IParallelBody
    where V : struct, ISimd<V, T>
    where W : struct, IFloatLanes<W>, IVectorLanes<W, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int KeyBlock = 128;
    private const int PanelsPerTask = 4;

    private readonly AttentionOperands<T> operands;
    private readonly T* output;
    private readonly T* sums;
    private readonly int blocks;

    private AttentionForward(AttentionOperands<T> operands, T* output, T* sums, int blocks)
    {
        this.operands = operands;
        this.output = output;
        this.sums = sums;
        this.blocks = blocks;
    }

    private static int Columns => 2 * V.Count;

    /// <summary>Fills output [matrices, m, e] and sums [matrices, m].</summary>
    public static void Run(AttentionOperands<T> operands, T* output, T* sums)
    {
        var blocks = (operands.Queries + PanelsPerTask * Columns - 1) / (PanelsPerTask * Columns);
        WorkerPool.Shared.For(operands.Matrices * blocks, new AttentionForward<V, W, T>(operands, output, sums, blocks));
    }

    /// <inheritdoc/>
    public void Invoke(int index)
    {
        var o = operands;
        int matrix = index / blocks, first = (blocks - 1 - index % blocks) * PanelsPerTask * Columns;
        var queries = Math.Min(PanelsPerTask * Columns, o.Queries - first);
        var panels = (queries + Columns - 1) / Columns;
        long packed = (long)o.Depth * Columns, gathered = (long)o.Width * Columns;
        using var scratch = Workspace.Rent<T>(panels * (packed + gathered + 2 * Columns) + KeyBlock * Columns);
        var scores = scratch.As<T>();
        var query = scores + KeyBlock * Columns;
        var total = query + panels * packed;
        var top = total + panels * gathered;
        var sum = top + panels * Columns;
        new Span<T>(total, checked((int)(panels * gathered))).Clear();
        new Span<T>(top, panels * Columns).Fill(T.NegativeInfinity);
        new Span<T>(sum, panels * Columns).Clear();
        for (var panel = 0; panel < panels; panel++)
        {
            var at = first + panel * Columns;
            AttentionOperands<T>.Pack(
                o.Query[matrix] + at * o.Query.Row, o.Query.Row, Math.Min(Columns, first + queries - at), o.Depth, o.Scale, query + panel * packed, Columns);
        }

        T* keys = o.Key[matrix], values = o.Value[matrix];
        var visible = o.Visible(first + queries);
        for (var key = 0; key < visible; key += KeyBlock)
        {
            for (var panel = 0; panel < panels; panel++)
            {
                var at = first + panel * Columns;
                var count = Math.Min(Columns, first + queries - at);
                var block = Math.Min(KeyBlock, o.Visible(at + count) - key);
                if (block <= 0) continue;
                AttentionTile<V, T>.Panel(keys + key * o.Key.Row, o.Key.Row, 1, query + panel * packed, Columns, scores, Columns, block, o.Depth, accumulate: false);
                o.Mask.Apply(matrix, scores, Columns, key, block, at, count);
                var gather = total + panel * gathered;
                Weigh(scores, block, top + panel * Columns, sum + panel * Columns, gather, o.Width);
                AttentionTile<V, T>.Panel(values + key * o.Value.Row, 1, o.Value.Row, scores, Columns, gather, Columns, o.Width, block, accumulate: true);
            }
        }

        for (var panel = 0; panel < panels; panel++)
        {
            var at = first + panel * Columns;
            var count = Math.Min(Columns, first + queries - at);
            var to = (long)matrix * o.Queries + at;
            Finish(top + panel * Columns, sum + panel * Columns, total + panel * gathered, o.Width);
            Transposition.Run(total + panel * gathered, Columns, output + to * o.Width, o.Width, o.Width, count);
            new ReadOnlySpan<T>(top + panel * Columns, count).CopyTo(new(sums + to, count));
        }
    }

    // Scores to weights relative to the new maximum; what was gathered under the old one is scaled to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh(T* scores, int keys, T* top, T* sum, T* total, int width)
    {
        W old0 = W.Load(in top[0]), old1 = W.Load(in top[W.Count]);
        W top0 = old0, top1 = old1;
        for (var j = 0; j < keys; j++)
        {
            W x = W.Load(in scores[j * Columns]), y = W.Load(in scores[j * Columns + W.Count]);
            top0 = W.Select(W.Less(top0, x), x, top0);
            top1 = W.Select(W.Less(top1, y), y, top1);
        }

        W.Store(top0, ref top[0]);
        W.Store(top1, ref top[W.Count]);
        W shift0 = Shift(top0), shift1 = Shift(top1);
        W sum0 = W.Constant(0), sum1 = sum0;
        for (var j = 0; j < keys; j++)
        {
            var x = Elementary.Exp(W.Load(in scores[j * Columns]) - shift0);
            var y = Elementary.Exp(W.Load(in scores[j * Columns + W.Count]) - shift1);
            sum0 += x;
            sum1 += y;
            W.Store(x, ref scores[j * Columns]);
            W.Store(y, ref scores[j * Columns + W.Count]);
        }

        W factor0 = Elementary.Exp(old0 - shift0), factor1 = Elementary.Exp(old1 - shift1);
        W.Store(W.MultiplyAdd(W.Load(in sum[0]), factor0, sum0), ref sum[0]);
        W.Store(W.MultiplyAdd(W.Load(in sum[W.Count]), factor1, sum1), ref sum[W.Count]);
        if (!W.Any(W.MaskOr(W.Less(old0, top0), W.Less(old1, top1)))) return;
        for (var p = 0; p < width; p++)
        {
            W.Store(W.Load(in total[p * Columns]) * factor0, ref total[p * Columns]);
            W.Store(W.Load(in total[p * Columns + W.Count]) * factor1, ref total[p * Columns + W.Count]);
        }
    }

    // Divides by the sum, and turns the maximum into the log-sum-exp. A row that saw nothing stays zero, with -∞.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(T* top, T* sum, T* total, int width)
    {
        for (var half = 0; half < Columns; half += W.Count)
        {
            var s = W.Load(in sum[half]);
            var none = W.Equal(s, W.Constant(0));
            var inverse = W.Select(none, W.Constant(0), W.Constant(1) / s);
            W.Store(W.Load(in top[half]) + Elementary.Log(s), ref top[half]);
            for (var p = 0; p < width; p++)
                W.Store(W.Load(in total[p * Columns + half]) * inverse, ref total[p * Columns + half]);
        }
    }

    // -∞ - -∞ would be NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static W Shift(W top) => W.Select(W.Equal(top, W.Constant(double.NegativeInfinity)), W.Constant(0), top);
}
