using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>dq, dk and dv of attention: the scores are computed again, block by block, from what the forward pass left of the softmax.</summary>
/// <remarks>
/// Algorithm: as in <see cref="AttentionForward{V,W,T}"/> queries lie along the lanes. For each block of queries (<see cref="Panels"/> panels) and of keys:
///            Sᵀ = K·Qᵀ, P = exp(S - lse), dPᵀ = V·dYᵀ, dS = scale·P ∘ (dP - moved), where
///            moved = rows(dy ∘ y) - dlse, dQᵀ += Kᵀ·dS; then dV += Pᵀ·dY and dK += dSᵀ·Q, for which
///            P and dS are the left operand and q and dy lie in memory as they should. Five products, 2mn(3d + 2e) operations.
/// Parallel:  over heads and groups of keys: a group's dk and dv are its own. With several groups a head each keeps its own dq, and these are added
///            in the order of the groups; the number of groups depends on sizes only. So equal inputs give equal bits on any number of threads.
/// Memory:    P and dS of one block (16 KiB each in float32) a thread, and at most <see cref="MostGroups"/> times dq.
/// </remarks>
internal readonly unsafe struct AttentionBackward<V, W, T> : IParallelBody
    where V : struct, ISimd<V, T>
    where W : struct, IFloatLanes<W>, IVectorLanes<W, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int KeyBlock = 64;
    private const int Panels = 2;
    private const int MostGroups = 8;
    private const int LeastGroup = 4 * KeyBlock;
    private const int WantedTasks = 32;

    private readonly AttentionOperands<T> operands;
    private readonly AttentionCotangents<T> left;
    private readonly T* queryGradient; // [groups, matrices, m, d]
    private readonly T* keyGradient;
    private readonly T* valueGradient;
    private readonly int groups;
    private readonly int groupKeys;

    private AttentionBackward(
        AttentionOperands<T> operands, AttentionCotangents<T> left, T* queryGradient, T* keyGradient, T* valueGradient, int groups, int groupKeys)
    {
        this.operands = operands;
        this.left = left;
        this.queryGradient = queryGradient;
        this.keyGradient = keyGradient;
        this.valueGradient = valueGradient;
        this.groups = groups;
        this.groupKeys = groupKeys;
    }

    private static int Columns => 2 * V.Count;

    private static int Block => Panels * Columns;

    /// <summary>Fills dq [matrices, m, d], dk [matrices, n, d] and dv [matrices, n, e].</summary>
    public static void Run(AttentionOperands<T> operands, AttentionCotangents<T> left, T* dq, T* dk, T* dv)
    {
        var wanted = Math.Min(MostGroups, (WantedTasks + operands.Matrices - 1) / operands.Matrices);
        var groups = Math.Clamp((operands.Keys + LeastGroup - 1) / LeastGroup, 1, wanted);
        var keys = ((operands.Keys + groups - 1) / groups + KeyBlock - 1) / KeyBlock * KeyBlock;
        groups = Math.Max(1, (operands.Keys + keys - 1) / Math.Max(1, keys));
        var size = (long)operands.Matrices * operands.Queries * operands.Depth;
        if (groups == 1)
        {
            WorkerPool.Shared.For(operands.Matrices, new AttentionBackward<V, W, T>(operands, left, dq, dk, dv, 1, keys));
            return;
        }

        using var parts = Workspace.Rent<T>(groups * size);
        WorkerPool.Shared.For(
            operands.Matrices * groups, new AttentionBackward<V, W, T>(operands, left, parts.As<T>(), dk, dv, groups, keys));
        const int share = 16 << 10;
        WorkerPool.Shared.For(checked((int)((size + share - 1) / share)), new Total(parts.As<T>(), dq, groups, size, share));
    }

    /// <inheritdoc/>
    public void Invoke(int index)
    {
        var o = operands;
        int matrix = index / groups, group = index % groups;
        int firstKey = group * groupKeys, endKey = Math.Min(o.Keys, firstKey + groupKeys);
        var dq = queryGradient + ((long)group * o.Matrices + matrix) * o.Queries * o.Depth;
        var dk = keyGradient + ((long)matrix * o.Keys) * o.Depth;
        var dv = valueGradient + ((long)matrix * o.Keys) * o.Width;
        new Span<T>(dk + (long)firstKey * o.Depth, (endKey - firstKey) * o.Depth).Clear();
        new Span<T>(dv + (long)firstKey * o.Width, (endKey - firstKey) * o.Width).Clear();

        using var scratch = Workspace.Rent<T>((long)Block * (2 * o.Depth + o.Width + 2 * KeyBlock + 2));
        var weights = scratch.As<T>();
        var changes = weights + KeyBlock * Block;
        var query = changes + KeyBlock * Block;
        var packed = query + (long)o.Depth * Block;
        var gathered = packed + (long)o.Width * Block;
        var rows = gathered + (long)o.Depth * Block;
        for (var first = 0; first < o.Queries; first += Block)
        {
            var queries = Math.Min(Block, o.Queries - first);
            var end = Math.Min(endKey, o.Visible(first + queries));
            if (end <= firstKey)
            {
                new Span<T>(dq + (long)first * o.Depth, queries * o.Depth).Clear();
                continue;
            }

            Pack(matrix, first, queries, query, packed, rows);
            new Span<T>(gathered, o.Depth * Block).Clear();
            for (var key = firstKey; key < end; key += KeyBlock)
                Blocks(matrix, first, queries, key, Math.Min(KeyBlock, end - key), query, packed, gathered, rows, weights, changes, dk, dv);
            for (var panel = 0; panel * Columns < queries; panel++)
            {
                Transposition.Run(
                    gathered + (long)panel * o.Depth * Columns, Columns, dq + (long)(first + panel * Columns) * o.Depth, o.Depth, o.Depth,
                    Math.Min(Columns, queries - panel * Columns));
            }
        }
    }

    // Each panel's queries and cotangents as columns, and its two numbers a row; zeros beyond the last.
    private void Pack(int matrix, int first, int queries, T* query, T* packed, T* rows)
    {
        var o = operands;
        var from = (long)matrix * o.Queries + first;
        new Span<T>(rows, 2 * Block).Clear();
        AttentionRows<T> y = left.Output, dy = left.OutputCotangent;
        for (var i = 0; i < queries; i++)
        {
            var sum = left.Sums[from + i];
            rows[i] = T.IsNegativeInfinity(sum) ? T.Zero : sum; // saw nothing: its scores are -∞, its weights 0
            T* a = y[matrix] + (first + i) * y.Row, b = dy[matrix] + (first + i) * dy.Row;
            rows[Block + i] = Vectors.Dot<T>(new(a, o.Width), new(b, o.Width)) - left.SumsCotangent[from + i];
        }

        for (var panel = 0; panel * Columns < queries; panel++)
        {
            var at = first + panel * Columns;
            var count = Math.Min(Columns, queries - panel * Columns);
            AttentionOperands<T>.Pack(
                o.Query[matrix] + at * o.Query.Row, o.Query.Row, count, o.Depth, o.Scale, query + (long)panel * o.Depth * Columns, Columns);
            AttentionOperands<T>.Pack(
                dy[matrix] + at * dy.Row, dy.Row, count, o.Width, T.One, packed + (long)panel * o.Width * Columns, Columns);
        }
    }

    private void Blocks(
        int matrix, int first, int queries, int key, int keys, T* query, T* packed, T* gathered, T* rows, T* weights, T* changes, T* dk, T* dv)
    {
        var o = operands;
        var dy = left.OutputCotangent;
        T* k = o.Key[matrix] + key * o.Key.Row, v = o.Value[matrix] + key * o.Value.Row;
        for (var panel = 0; panel * Columns < queries; panel++)
        {
            var at = first + panel * Columns;
            var count = Math.Min(Columns, queries - panel * Columns);
            var seen = Math.Clamp(o.Visible(at + count) - key, 0, keys);
            T* weight = weights + panel * Columns, change = changes + panel * Columns;
            for (var j = seen; j < keys; j++)
            {
                new Span<T>(weight + j * Block, Columns).Clear();
                new Span<T>(change + j * Block, Columns).Clear();
            }

            if (seen == 0) continue;
            AttentionTile<V, T>.Panel(k, o.Key.Row, 1, query + (long)panel * o.Depth * Columns, Columns, weight, Block, seen, o.Depth, accumulate: false);
            AttentionTile<V, T>.Panel(v, o.Value.Row, 1, packed + (long)panel * o.Width * Columns, Columns, change, Block, seen, o.Width, accumulate: false);
            o.Mask.Apply(matrix, weight, Block, key, seen, at, count);
            Differentiate(weight, change, seen, rows + panel * Columns, o.Scale);
            AttentionTile<V, T>.Panel(k, 1, o.Key.Row, change, Block, gathered + (long)panel * o.Depth * Columns, Columns, o.Depth, seen, accumulate: true);
        }

        AttentionTile<V, T>.Multiply(
            weights, Block, 1, dy[matrix] + first * dy.Row, dy.Row, dv + (long)key * o.Width, o.Width, keys, o.Width, queries, accumulate: true);
        AttentionTile<V, T>.Multiply(
            changes, Block, 1, o.Query[matrix] + first * o.Query.Row, o.Query.Row, dk + (long)key * o.Depth, o.Depth, keys, o.Depth, queries, accumulate: true);
    }

    // Scores become weights, the weights' cotangents those of the scores.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(T* weights, T* changes, int keys, T* rows, T scale)
    {
        W sum0 = W.Load(in rows[0]), sum1 = W.Load(in rows[W.Count]);
        W moved0 = W.Load(in rows[Block]), moved1 = W.Load(in rows[Block + W.Count]);
        var factor = W.Constant(double.CreateTruncating(scale));
        for (var j = 0; j < keys; j++, weights += Block, changes += Block)
        {
            var x = Elementary.Exp(W.Load(in weights[0]) - sum0);
            var y = Elementary.Exp(W.Load(in weights[W.Count]) - sum1);
            W.Store(x, ref weights[0]);
            W.Store(y, ref weights[W.Count]);
            W.Store(x * factor * (W.Load(in changes[0]) - moved0), ref changes[0]);
            W.Store(y * factor * (W.Load(in changes[W.Count]) - moved1), ref changes[W.Count]);
        }
    }

    private readonly struct Total(T* parts, T* to, int groups, long size, int share) : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var first = (long)index * share;
            var count = (int)Math.Min(share, size - first);
            var i = 0;
            for (; i + V.Count <= count; i += V.Count)
            {
                var x = V.Load(parts + first + i);
                for (var group = 1; group < groups; group++) x += V.Load(parts + group * size + first + i);
                x.Store(to + first + i);
            }

            for (; i < count; i++)
            {
                var x = parts[first + i];
                for (var group = 1; group < groups; group++) x += parts[group * size + first + i];
                to[first + i] = x;
            }
        }
    }
}
