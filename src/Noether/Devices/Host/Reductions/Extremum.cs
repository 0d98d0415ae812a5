using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Where along the middle axis of a dense [outer, reduced, inner] the largest or smallest element lies: the first of equals; the first NaN if there is one.</summary>
/// <remarks>
/// Inner 1:   a row's extreme value by <see cref="Fold"/>, then a search for the first element equal to it, which finds the row in the cache.
/// Inner > 1: a row of the best so far and of their indices, swept once over the rows in blocks of 512 columns, which stay in L1.
/// </remarks>
internal static unsafe class Extremum
{
    private const int ColumnBlock = 512;

    /// <summary>y[o, i] = argmax or argmin over r of x[o, r, i]; <paramref name="reduced"/> is at least 1.</summary>
    public static void Locate<T>(bool largest, T* x, long* y, long outer, long reduced, long inner)
        where T : unmanaged, INumber<T>
    {
        if (outer <= 0 || inner <= 0)
            return;

        if (inner > 1)
        {
            var across = (inner + ColumnBlock - 1) / ColumnBlock;
            WorkerPool.Shared.For(checked((int)(outer * across)), new Columns<T>(largest, x, y, reduced, inner, across));
            return;
        }

        // A long row is searched in parts: each gives its extreme value and where that lies, the first best of which wins.
        var parts = reduced <= 2 * Fold.Part ? 1 : checked((int)((reduced + Fold.Part - 1) / Fold.Part));
        using Workspace values = Workspace.Rent<T>(outer * parts), places = Workspace.Rent<long>(parts == 1 ? 1 : outer * parts);
        T* best = values.As<T>();
        var at = parts == 1 ? y : places.As<long>();
        var rows = parts > 1 ? 1 : Fold.ItemsPerTask(outer, reduced);
        WorkerPool.Shared.For(checked((int)((outer * parts + rows - 1) / rows)), new Rows<T>(largest, x, best, at, outer * parts, reduced, parts, rows));
        if (parts == 1) return;
        for (var o = 0L; o < outer; o++)
        {
            var first = o * parts;
            for (var part = first + 1; part < (o + 1) * parts; part++)
                if (Wins(largest, best[part], best[first])) first = part;
            y[o] = at[first];
        }
    }

    // A number gives way to NaN, the first NaN to nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Wins<T>(bool largest, T a, T b)
        where T : unmanaged, INumber<T> => (largest ? a > b : a < b) || (T.IsNaN(a) && !T.IsNaN(b));

    private readonly struct Rows<T>(bool largest, T* x, T* best, long* at, long count, long reduced, int parts, int rows) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var end = Math.Min(count, (index + 1L) * rows);
            for (var item = (long)index * rows; item < end; item++)
            {
                var (o, part) = Math.DivRem(item, parts);
                var begin = parts == 1 ? 0 : part * Fold.Part;
                var length = parts == 1 ? reduced : Math.Min(Fold.Part, reduced - begin);
                var from = x + o * reduced + begin;
                best[item] = largest ? Fold.Row<MaxFold, T>(from, length) : Fold.Row<MinFold, T>(from, length);
                at[item] = begin + First(from, length, best[item]);
            }
        }

        // A NaN is equal to nothing, so it is looked for as such.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static long First(T* row, long length, T value)
        {
            long i = 0;
            if (T.IsNaN(value))
            {
                while (!T.IsNaN(row[i])) i++;
                return i;
            }

            var wanted = Vector256.Create(value);
            while (i + Vector256<T>.Count <= length && !Vector256.EqualsAny(Vector256.Load(row + i), wanted)) i += Vector256<T>.Count;
            while (row[i] != value) i++;
            return i;
        }
    }

    private readonly struct Columns<T>(bool largest, T* x, long* y, long reduced, long inner, long across) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var (o, block) = Math.DivRem(index, across);
            var first = block * ColumnBlock;
            var width = (int)Math.Min(ColumnBlock, inner - first);
            var from = x + o * reduced * inner + first;
            var to = y + o * inner + first;
            var best = stackalloc T[ColumnBlock];
            for (var i = 0; i < width; i++)
            {
                best[i] = from[i];
                to[i] = 0;
            }

            for (var r = 1L; r < reduced; r++)
            {
                from += inner;
                for (var i = 0; i < width; i++)
                {
                    var a = from[i];
                    var b = best[i];
                    if (Wins(largest, a, b))
                    {
                        best[i] = a;
                        to[i] = r;
                    }
                }
            }
        }
    }
}
