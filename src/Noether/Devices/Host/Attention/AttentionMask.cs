using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>What keeps queries from keys: order, truth values, or numbers added to the scores.</summary>
/// <param name="isCausal">Query i sees keys 0 … i only.</param>
/// <param name="seen">Not 0 where a query may look; null for no such mask.</param>
/// <param name="added">Added to the scores; null for no such mask.</param>
/// <remarks>Scores are columns here: score[key · row + query]. A mask that is the same for all queries costs one look a key.</remarks>
internal sealed unsafe class AttentionMask<T>(bool isCausal, AttentionRows<byte>? seen, AttentionRows<T>? added)
    where T : unmanaged, INumber<T>
{
    // Stands for -∞ in T, which is known to be floating where masks are.
    private static readonly T Hidden = T.CreateSaturating(double.NegativeInfinity);

    public bool IsCausal => isCausal;

    /// <summary>Applies it to the scores of keys [key, key + keys) for queries [query, query + queries).</summary>
    public void Apply(int matrix, T* score, long row, int key, int keys, int query, int queries)
    {
        if (seen is not null) Hide(seen[matrix] + query * seen.Row + key * seen.Column, score, row, keys, queries);
        if (added is not null) Add(added[matrix] + query * added.Row + key * added.Column, score, row, keys, queries);
        if (!isCausal) return;
        for (var j = Math.Max(0, query + 1 - key); j < keys; j++)
            new Span<T>(score + j * row, Math.Min(key + j - query, queries)).Fill(Hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Hide(byte* see, T* score, long row, int keys, int queries)
    {
        if (seen!.Row == 0)
        {
            for (var j = 0; j < keys; j++)
                if (see[j * seen.Column] == 0)
                    new Span<T>(score + j * row, queries).Fill(Hidden);
            return;
        }

        for (var i = 0; i < queries; i++, see += seen.Row)
            for (var j = 0; j < keys; j++)
                if (see[j * seen.Column] == 0)
                    score[j * row + i] = Hidden;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(T* add, T* score, long row, int keys, int queries)
    {
        if (added!.Row == 0)
        {
            for (var j = 0; j < keys; j++)
            {
                var value = add[j * added.Column];
                if (value == T.Zero) continue;
                for (var i = 0; i < queries; i++) score[j * row + i] += value;
            }

            return;
        }

        for (var i = 0; i < queries; i++, add += added.Row)
            for (var j = 0; j < keys; j++)
                score[j * row + i] += add[j * added.Column];
    }
}
