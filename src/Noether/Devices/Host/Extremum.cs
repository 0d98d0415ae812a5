using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Where along the middle axis of a dense [outer, reduced, inner] the largest or smallest element lies: the first of equals; the first NaN if there is one.</summary>
/// <remarks>
/// Inner 1:   the extreme value by <see cref="Fold"/>, at the speed of memory, then a search for the first element equal to it.
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

        using var scratch = Workspace.Rent<T>(outer);
        var best = scratch.As<T>();
        if (largest)
            Fold.Reduce<MaxFold, T>(x, best, outer, reduced, 1);
        else
            Fold.Reduce<MinFold, T>(x, best, outer, reduced, 1);
        var rows = Fold.ItemsPerTask(outer, reduced);
        WorkerPool.Shared.For((int)((outer + rows - 1) / rows), new Find<T>(x, best, y, outer, reduced, rows));
    }

    private readonly struct Find<T>(T* x, T* best, long* y, long outer, long reduced, int rows) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        public void Invoke(int index)
        {
            var end = Math.Min(outer, (index + 1L) * rows);
            for (var o = (long)index * rows; o < end; o++)
                y[o] = First(x + o * reduced, best[o]);
        }

        private long First(T* row, T value)
        {
            if (T.IsNaN(value))
            {
                var at = 0L;
                while (!T.IsNaN(row[at]))
                    at++;
                return at;
            }

            for (var begin = 0L; begin < reduced;)
            {
                var length = (int)Math.Min(reduced - begin, 1 << 30);
                var found = new ReadOnlySpan<T>(row + begin, length).IndexOf(value);
                if (found >= 0)
                    return begin + found;
                begin += length;
            }

            return 0;
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
                    if ((largest ? a > b : a < b) || (T.IsNaN(a) && !T.IsNaN(b))) // a number gives way to NaN, the first NaN to nothing
                    {
                        best[i] = a;
                        to[i] = r;
                    }
                }
            }
        }
    }
}
