using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>The tangents of attention's output and log-sum-exp, block by block: the scores of all keys are never held.</summary>
/// <remarks>
/// Algorithm: as in <see cref="AttentionForward{V,W,T}"/> queries lie along the lanes; what it left of the softmax saves the running maximum. For each
///            panel of queries and block of keys: Sᵀ = K·Qᵀ, P = exp(S - lse), S'ᵀ = K·Q'ᵀ + K'·Qᵀ, Y'ᵀ += V'ᵀ·P + Vᵀ·(P ∘ S'), and the columns of
///            P ∘ S' are added up to lse'; at the end Y' -= lse' ∘ Y.
/// Parallel:  over heads and blocks of <see cref="PanelsPerTask"/> panels, the last queries (the longest in causal order) first.
/// Cost:      2mn(3d + 2e) operations and mn exponentials; memory: P and S' of one block (8 KiB each in float32 and 16 lanes) and panels a thread.
/// </remarks>
internal readonly unsafe struct AttentionTangent<V, W, T> : IParallelBody
    where V : struct, ISimd<V, T>
    where W : struct, IFloatLanes<W>, IVectorLanes<W, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int KeyBlock = 64;
    private const int PanelsPerTask = 4;

    private readonly AttentionOperands<T> operands;
    private readonly AttentionTangents<T> tangents;
    private readonly T* output;
    private readonly T* sums;
    private readonly int blocks;

    private AttentionTangent(AttentionOperands<T> operands, AttentionTangents<T> tangents, T* output, T* sums, int blocks)
    {
        this.operands = operands;
        this.tangents = tangents;
        this.output = output;
        this.sums = sums;
        this.blocks = blocks;
    }

    private static int Columns => 2 * V.Count;

    /// <summary>Fills output [matrices, m, e] and sums [matrices, m].</summary>
    public static void Run(AttentionOperands<T> operands, AttentionTangents<T> tangents, T* output, T* sums)
    {
        var blocks = (operands.Queries + PanelsPerTask * Columns - 1) / (PanelsPerTask * Columns);
        WorkerPool.Shared.For(operands.Matrices * blocks, new AttentionTangent<V, W, T>(operands, tangents, output, sums, blocks));
    }

    /// <inheritdoc/>
    public void Invoke(int index)
    {
        var o = operands;
        int matrix = index / blocks, first = (blocks - 1 - index % blocks) * PanelsPerTask * Columns;
        var queries = Math.Min(PanelsPerTask * Columns, o.Queries - first);
        var panels = (queries + Columns - 1) / Columns;
        long packed = (long)o.Depth * Columns, gathered = (long)o.Width * Columns;
        using var scratch = Workspace.Rent<T>(panels * (2 * packed + gathered + 2 * Columns) + 2 * KeyBlock * Columns);
        var weights = scratch.As<T>();
        var changes = weights + KeyBlock * Columns;
        var query = changes + KeyBlock * Columns;
        var moved = query + panels * packed;
        var total = moved + panels * packed;
        var known = total + panels * gathered;
        var sum = known + panels * Columns;
        new Span<T>(total, checked((int)(panels * (gathered + 2 * Columns)))).Clear();
        for (var i = 0; i < queries; i++)
        {
            var left = tangents.Sums[(long)matrix * o.Queries + first + i];
            known[i] = T.IsNegativeInfinity(left) ? T.Zero : left; // saw nothing: its scores are -∞, its weights 0
        }

        for (var panel = 0; panel < panels; panel++)
        {
            var at = first + panel * Columns;
            var count = Math.Min(Columns, first + queries - at);
            Pack(o.Query, query + panel * packed);
            Pack(tangents.Query, moved + panel * packed);

            void Pack(AttentionRows<T> from, T* to) =>
                AttentionOperands<T>.Pack(from[matrix] + at * from.Row, from.Row, count, o.Depth, o.Scale, to, Columns);
        }

        var visible = o.Visible(first + queries);
        for (var key = 0; key < visible; key += KeyBlock)
        {
            for (var panel = 0; panel < panels; panel++)
            {
                var at = first + panel * Columns;
                var count = Math.Min(Columns, first + queries - at);
                var block = Math.Min(KeyBlock, o.Visible(at + count) - key);
                if (block <= 0) continue;
                var gather = total + panel * gathered;
                Scores(o.Key, query + panel * packed, weights, accumulate: false);
                Scores(o.Key, moved + panel * packed, changes, accumulate: false);
                Scores(tangents.Key, query + panel * packed, changes, accumulate: true);
                o.Mask.Apply(matrix, weights, Columns, key, block, at, count);
                Weigh(weights, changes, block, known + panel * Columns, sum + panel * Columns);
                Gather(tangents.Value, weights);
                Gather(o.Value, changes);

                void Scores(AttentionRows<T> keys, T* panelOfQueries, T* to, bool accumulate) =>
                    AttentionTile<V, T>.Panel(keys[matrix] + key * keys.Row, keys.Row, 1, panelOfQueries, Columns, to, Columns, block, o.Depth, accumulate);

                void Gather(AttentionRows<T> values, T* shares) =>
                    AttentionTile<V, T>.Panel(values[matrix] + key * values.Row, 1, values.Row, shares, Columns, gather, Columns, o.Width, block, accumulate: true);
            }
        }

        for (var panel = 0; panel < panels; panel++)
        {
            var at = first + panel * Columns;
            var count = Math.Min(Columns, first + queries - at);
            var to = (long)matrix * o.Queries + at;
            Transposition.Run(total + panel * gathered, Columns, output + to * o.Width, o.Width, o.Width, count);
            for (var i = 0; i < count; i++)
            {
                sums[to + i] = sum[panel * Columns + i];
                AddScaled(output + (to + i) * o.Width, tangents.Output[matrix] + (at + i) * tangents.Output.Row, -sums[to + i], o.Width);
            }
        }
    }

    // Scores become weights, the scores' tangents those times the weights, which are added up query by query.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh(T* weights, T* changes, int keys, T* known, T* sum)
    {
        W known0 = W.Load(in known[0]), known1 = W.Load(in known[W.Count]);
        W sum0 = W.Load(in sum[0]), sum1 = W.Load(in sum[W.Count]);
        for (var j = 0; j < keys; j++, weights += Columns, changes += Columns)
        {
            var x = Elementary.Exp(W.Load(in weights[0]) - known0);
            var y = Elementary.Exp(W.Load(in weights[W.Count]) - known1);
            W.Store(x, ref weights[0]);
            W.Store(y, ref weights[W.Count]);
            x *= W.Load(in changes[0]);
            y *= W.Load(in changes[W.Count]);
            sum0 += x;
            sum1 += y;
            W.Store(x, ref changes[0]);
            W.Store(y, ref changes[W.Count]);
        }

        W.Store(sum0, ref sum[0]);
        W.Store(sum1, ref sum[W.Count]);
    }

    private static void AddScaled(T* to, T* from, T factor, int count)
    {
        var wide = V.Broadcast(factor);
        var i = 0;
        for (; i + V.Count <= count; i += V.Count) V.MultiplyAdd(wide, V.Load(from + i), V.Load(to + i)).Store(to + i);
        for (; i < count; i++) to[i] += factor * from[i];
    }
}
