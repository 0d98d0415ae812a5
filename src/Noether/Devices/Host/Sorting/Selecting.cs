using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>The few first elements of the order along the middle axis of a dense [outer, n, inner], without sorting the rest.</summary>
/// <remarks>
/// Algorithm: one pass keeps the best so far in order. Whole registers are compared with the last of them, and only a register with something better is
///            looked into: of random elements k·ln(n/k) get in, so that the pass reads at memory's speed. NaN always stops it and is then judged by its key.
/// Parallel:  over rows, and long rows in pieces of <see cref="Piece"/>, whose best are merged in the order of the pieces.
/// Cost:      n comparisons and, at worst (rows that get better to their end), n·k moves: for k above <see cref="Most"/> sorting is the better way.
/// </remarks>
internal static unsafe class Selecting
{
    /// <summary>The most elements that are kept.</summary>
    public const int Most = 128;

    private const int Piece = 1 << 15;

    private const long ElementsPerTask = 1 << 14;

    /// <summary>values and indices [outer, k, inner]: the k first of each row in order; of equals the first come first, NaN is the greatest.</summary>
    public static void Run<T>(T* x, T* values, long* indices, int k, long outer, int n, long inner, bool descending)
        where T : unmanaged, INumber<T>
    {
        var rows = outer * inner;
        if (rows == 0 || k == 0) return;
        var pieces = Math.Max(1, n / Piece);
        using var scratch = Workspace.Rent<int>(rows * pieces * k);
        var each = pieces > 1 ? 1 : (int)Math.Max(1, ElementsPerTask / n);
        var body = new Rows<T>(x, values, indices, scratch.As<int>(), k, rows, n, inner, pieces, each, descending);
        WorkerPool.Shared.For(checked((int)((rows * pieces + each - 1) / each)), body);
        for (long row = 0; pieces > 1 && row < rows; row++) body.Merge(row);
    }

    private readonly struct Rows<T>(
        T* x, T* values, long* indices, int* found, int k, long rows, int n, long inner, int pieces, int each, bool descending) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        public void Invoke(int index)
        {
            using var scratch = Workspace.Rent<T>(inner > 1 ? n : 1);
            var best = stackalloc T[Most];
            var end = Math.Min(rows * pieces, (index + 1L) * each);
            for (var part = (long)index * each; part < end; part++)
            {
                var row = part / pieces;
                int piece = (int)(part % pieces), first = (int)((long)n * piece / pieces), last = (int)((long)n * (piece + 1) / pieces);
                var start = row / inner * n * inner + row % inner;
                var from = x + start;
                if (inner > 1)
                {
                    from = scratch.As<T>();
                    for (var i = first; i < last; i++) from[i] = x[start + i * inner];
                }

                var at = found + part * k;
                var count = Select(from, first, last, best, at);
                if (pieces == 1) Put(row, best, at);
                else for (; count < k; count++) at[count] = -1;
            }
        }

        // The best of the pieces, in the order of the pieces, so that equals keep theirs.
        public void Merge(long row)
        {
            var best = stackalloc T[Most];
            var places = stackalloc int[Most];
            var start = row / inner * n * inner + row % inner;
            var count = 0;
            for (var i = 0; i < pieces * k; i++)
            {
                var place = found[row * pieces * k + i];
                if (place >= 0) count = Insert(x[start + place * inner], place, best, places, count);
            }

            Put(row, best, places);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Select(T* from, int first, int last, T* best, int* places)
        {
            var count = 0;
            var i = first;
            for (; i < last && count < k; i++) count = Insert(from[i], i, best, places, count);
            for (; i + 4 * Vector<T>.Count <= last; i += 4 * Vector<T>.Count)
            {
                var limit = new Vector<T>(best[k - 1]);
                if (None(from + i, limit)) continue;
                for (var j = 0; j < 4 * Vector<T>.Count; j++)
                    if (IsBefore(from[i + j], best[k - 1]))
                        Insert(from[i + j], i + j, best, places, k);
            }

            for (; i < last; i++)
                if (IsBefore(from[i], best[k - 1]))
                    Insert(from[i], i, best, places, k);
            return count;
        }

        // True if nothing in four registers can be better than the limit. NaN compares false and so is looked at.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool None(T* from, Vector<T> limit)
        {
            Vector<T> a = Vector.Load(from), b = Vector.Load(from + Vector<T>.Count);
            Vector<T> c = Vector.Load(from + 2 * Vector<T>.Count), d = Vector.Load(from + 3 * Vector<T>.Count);
            var none = descending
                ? Vector.LessThanOrEqual(a, limit) & Vector.LessThanOrEqual(b, limit) & Vector.LessThanOrEqual(c, limit) & Vector.LessThanOrEqual(d, limit)
                : Vector.GreaterThanOrEqual(a, limit) & Vector.GreaterThanOrEqual(b, limit) & Vector.GreaterThanOrEqual(c, limit) & Vector.GreaterThanOrEqual(d, limit);
            return Vector.EqualsAll(Vector.AsVectorByte(none), Vector<byte>.AllBitsSet);
        }

        // Behind its equals; the last falls off a full list.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Insert(T value, int place, T* best, int* places, int count)
        {
            var to = count;
            if (to == k)
            {
                if (!IsBefore(value, best[k - 1])) return count;
                to--;
            }
            else
            {
                count++;
            }

            for (; to > 0 && IsBefore(value, best[to - 1]); to--)
            {
                best[to] = best[to - 1];
                places[to] = places[to - 1];
            }

            best[to] = value;
            places[to] = place;
            return count;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool IsBefore(T x, T y) => descending ? x > y || (T.IsNaN(x) && !T.IsNaN(y)) : x < y || (T.IsNaN(y) && !T.IsNaN(x));

        private void Put(long row, T* best, int* places)
        {
            var to = row / inner * k * inner + row % inner;
            for (var i = 0; i < k; i++)
            {
                values[to + i * inner] = best[i];
                indices[to + i * inner] = places[i];
            }
        }
    }
}
