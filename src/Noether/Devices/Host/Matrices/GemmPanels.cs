using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Packs factors of products into the panels that <see cref="GemmTile"/> reads from end to end.</summary>
/// <remarks>
/// Layout:   a panel of A is [kc, R] and one of B [kc, 2V]: R rows and 2V columns, padded with zeros.
/// Parallel: by panels or by runs of k, whichever reads along rows of the factor.
/// </remarks>
internal static unsafe class GemmPanels<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int PanelsTogether = 8;
    private const int DepthRun = 32; // rows of B, or columns of A, whose lines are in L1 together while they are dealt out to panels

    /// <summary>Rows of a panel of A.</summary>
    public static int TileRows => V.Count * sizeof(T) == 64 ? 12 : 6;

    /// <summary>Columns of a panel of B.</summary>
    public static int TileColumns => 2 * V.Count;

    /// <summary>One panel of B, [kc, stride]: row p holds B[p, first .. first + width), then zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackPanel(T* b, long bRow, long bColumn, T* to, int width, int kc, int stride)
    {
        if (bColumn == 1 && width == stride)
        {
            for (var p = 0; p < kc; p++, b += bRow, to += stride)
                for (var j = 0; j < stride; j += V.Count)
                    V.Load(b + j).Store(to + j);
            return;
        }

        if (width < stride)
            new Span<T>(to, kc * stride).Clear();
        if (bColumn == 1)
        {
            for (var p = 0; p < kc; p++, b += bRow, to += stride)
                for (var j = 0; j < width; j++)
                    to[j] = b[j];
            return;
        }

        if (bRow == 1)
        {
            Transposition.Run(b, bColumn, to, stride, width, kc);
            return;
        }

        // Down the columns of B, sixteen rows at a time: a line of B is read once and the part of the panel stays in L1.
        for (var p0 = 0; p0 < kc; p0 += 16)
        {
            var end = Math.Min(16, kc - p0);
            for (var j = 0; j < width; j++)
            {
                var from = b + p0 * bRow + j * bColumn;
                var into = to + (long)p0 * stride + j;
                for (var p = 0; p < end; p++, from += bRow, into += stride)
                    *into = *from;
            }
        }
    }

    /// <summary>All of B[kc, columns], one panel after another. A part is a run of k through all panels where rows of B are contiguous; else one panel.</summary>
    public readonly struct Columns(GemmFactor<T> factor, T* to, int columns, int kc) : IParallelBody
    {
        private readonly T* b = factor.Start;
        private readonly long bRow = factor.Row, bColumn = factor.Column;

        public int Parts => bColumn == 1 ? (kc + DepthRun - 1) / DepthRun : (columns + TileColumns - 1) / TileColumns;

        public void Invoke(int index)
        {
            if (factor.IsNarrow)
            {
                Widen(index);
            }
            else if (bColumn == 1)
            {
                Run(index * DepthRun);
            }
            else
            {
                var first = index * TileColumns;
                PackPanel(b + first * bColumn, bRow, bColumn, to + (long)first * kc, Math.Min(TileColumns, columns - first), kc, TileColumns);
            }
        }

        private void Widen(int index)
        {
            int p = bColumn == 1 ? index * DepthRun : 0, depth = bColumn == 1 ? Math.Min(DepthRun, kc - p) : kc;
            int begin = bColumn == 1 ? 0 : index * TileColumns, end = bColumn == 1 ? columns : Math.Min(columns, begin + TileColumns);
            for (var first = begin; first < end; first += TileColumns)
                GemmPanelsNarrow.Pack(
                    factor.From(p, first).Narrow, bRow, bColumn, (float*)to + (long)first * kc + (long)p * TileColumns,
                    Math.Min(TileColumns, columns - first), depth, TileColumns);
        }

        private void Run(int p)
        {
            var depth = Math.Min(DepthRun, kc - p);
            var together = PanelsTogether * TileColumns;
            for (var begin = 0; begin < columns; begin += together)
            {
                if (begin + together <= columns)
                {
                    Deal(p, depth, begin);
                    continue;
                }

                for (var first = begin; first < columns; first += TileColumns)
                    PackPanel(
                        b + p * bRow + first, bRow, bColumn, to + (long)first * kc + (long)p * TileColumns,
                        Math.Min(TileColumns, columns - first), depth, TileColumns);
            }
        }

        // Long reads along the rows of B, dealt out to several panels.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Deal(int p, int depth, int begin)
        {
            var row = b + p * bRow + begin;
            var panel = to + (long)begin * kc + (long)p * TileColumns;
            var size = (long)kc * TileColumns;
            for (; depth > 0; depth--, row += bRow, panel += TileColumns)
            {
                T* from = row, into = panel;
                for (var i = 0; i < PanelsTogether; i++, from += TileColumns, into += size)
                {
                    V.Load(from).Store(into);
                    V.Load(from + V.Count).Store(into + V.Count);
                }
            }
        }
    }

    /// <summary>All of A[rows, kc], one panel after another: row p of one holds A[first .. first + R, p]. A part is a run of k through all panels where columns of A are contiguous; else one panel.</summary>
    public readonly struct Rows(GemmFactor<T> factor, T* to, int rows, int kc) : IParallelBody
    {
        private readonly T* a = factor.Start;
        private readonly long aRow = factor.Row, aColumn = factor.Column;

        public int Parts => aRow == 1 ? (kc + DepthRun - 1) / DepthRun : (rows + TileRows - 1) / TileRows;

        public void Invoke(int index)
        {
            if (aRow != 1)
            {
                Panel(index * TileRows, 0, kc);
                return;
            }

            var p = index * DepthRun;
            var depth = Math.Min(DepthRun, kc - p);
            var first = 0;
            for (; first + 4 * TileRows <= rows && !factor.IsNarrow; first += 4 * TileRows) DealFour(first, p, depth);
            for (; first < rows; first += TileRows) Panel(first, p, depth);
        }

        // Three lines or so along the columns of A, dealt out to four panels.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void DealFour(int first, int start, int depth)
        {
            var bytes = (uint)(TileRows * sizeof(T));
            var from = a + first + start * aColumn;
            var into = to + (long)first * kc + (long)start * TileRows;
            var size = (long)kc * TileRows;
            for (; depth > 0; depth--, from += aColumn, into += TileRows)
            {
                Unsafe.CopyBlockUnaligned(into, from, bytes);
                Unsafe.CopyBlockUnaligned(into + size, from + TileRows, bytes);
                Unsafe.CopyBlockUnaligned(into + 2 * size, from + 2 * TileRows, bytes);
                Unsafe.CopyBlockUnaligned(into + 3 * size, from + 3 * TileRows, bytes);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Panel(int first, int start, int depth)
        {
            var height = Math.Min(TileRows, rows - first);
            var into = to + (long)first * kc + (long)start * TileRows;
            if (factor.IsNarrow)
            {
                GemmPanelsNarrow.Pack(factor.From(first, start).Narrow, aColumn, aRow, (float*)into, height, depth, TileRows);
                return;
            }

            var from = a + first * aRow + start * aColumn;
            if (height < TileRows)
                new Span<T>(into, TileRows * depth).Clear();

            if (aColumn == 1)
            {
                Transposition.Run(from, aRow, into, TileRows, height, depth);
            }
            else if (aRow == 1 && height == TileRows)
            {
                for (var p = 0; p < depth; p++, from += aColumn, into += TileRows)
                    Unsafe.CopyBlockUnaligned(into, from, (uint)(TileRows * sizeof(T)));
            }
            else
            {
                for (var p0 = 0; p0 < depth; p0 += 16)
                {
                    var end = Math.Min(16, depth - p0);
                    for (var i = 0; i < height; i++)
                    {
                        var x = from + i * aRow + p0 * aColumn;
                        var y = into + p0 * TileRows + i;
                        for (var p = 0; p < end; p++, x += aColumn, y += TileRows)
                            *y = *x;
                    }
                }
            }
        }
    }
}
