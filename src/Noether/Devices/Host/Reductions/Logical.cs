using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Whether any, or all, of the bytes along the middle axis of a dense [outer, reduced, inner] are not zero; as 0 or 1.</summary>
/// <remarks>Inner 1: a search that stops at the first byte that decides. Else rows of bytes are or-ed and and-ed in blocks of 4096 columns.</remarks>
internal static unsafe class Logical
{
    private const int ColumnBlock = 4096;

    /// <summary>y[o, i] = any or all over r of x[o, r, i] ≠ 0; of nothing: false, true.</summary>
    public static void Reduce(bool all, byte* x, byte* y, long outer, long reduced, long inner)
    {
        if (outer <= 0 || inner <= 0)
            return;

        if (inner == 1)
        {
            var rows = Fold.ItemsPerTask(outer, reduced);
            WorkerPool.Shared.For((int)((outer + rows - 1) / rows), new Rows(all, x, y, outer, reduced, rows));
            return;
        }

        var across = (inner + ColumnBlock - 1) / ColumnBlock;
        WorkerPool.Shared.For(checked((int)(outer * across)), new Columns(all, x, y, reduced, inner, across));
    }

    private readonly struct Rows(bool all, byte* x, byte* y, long outer, long reduced, int rows) : IParallelBody
    {
        public void Invoke(int index)
        {
            var end = Math.Min(outer, (index + 1L) * rows);
            for (var o = (long)index * rows; o < end; o++)
            {
                var decided = false;
                for (var begin = 0L; begin < reduced && !decided;)
                {
                    var part = new ReadOnlySpan<byte>(x + o * reduced + begin, (int)Math.Min(reduced - begin, 1 << 30));
                    decided = all ? part.Contains((byte)0) : part.ContainsAnyExcept((byte)0);
                    begin += part.Length;
                }

                y[o] = decided != all ? (byte)1 : (byte)0;
            }
        }
    }

    private readonly struct Columns(bool all, byte* x, byte* y, long reduced, long inner, long across) : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var (o, block) = Math.DivRem(index, across);
            var first = block * ColumnBlock;
            var width = (int)Math.Min(ColumnBlock, inner - first);
            var from = x + o * reduced * inner + first;
            var to = new Span<byte>(y + o * inner + first, width);
            to.Fill(all ? (byte)1 : (byte)0);
            for (var r = 0L; r < reduced; r++, from += inner)
                for (var i = 0; i < to.Length; i++)
                {
                    var set = from[i] != 0 ? (byte)1 : (byte)0;
                    to[i] = all ? (byte)(to[i] & set) : (byte)(to[i] | set);
                }
        }
    }
}
