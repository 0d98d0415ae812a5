using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Large products: panels of A and B are packed once, shared by all threads, and multiplied tile by tile.</summary>
/// <remarks>
/// Algorithm: Goto and van de Geijn (2008) with the roles of A and B exchanged for row-major C. For each slab of k: pack B[kc, nc] into
///            panels of 2V columns and A[mc, kc] into panels of R rows, both padded with zeros, then multiply every pair of panels.
/// Blocking:  kc is at most 2 KiB of elements, and k is cut evenly, so a panel of A (12 x 512 floats, 24 KiB) stays in L1 (32 KiB) while panels
///            of B stream past it from L2: 128 bytes per 24 multiply-adds, a tenth of L2's bandwidth. A task's share of B is half of L2
///            (512 KiB: 256 columns of floats); the slabs packed at once are at most 8 MiB each, so they stay in L3.
/// Parallel:  packing by panels or by runs of k, whichever reads along rows; then multiplication by blocks of panels, four tasks a thread
///            where there are as many.
/// Cost:      2mnk operations; packing moves mk + kn elements (once more for each further 4096 columns), C is read and written k/kc times; a
///            tile of C is fetched while it is computed.
/// </remarks>
internal static unsafe class GemmPacked<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int RowBlock = 4080; // a multiple of 12 and of 6
    private const int ColumnBlock = 4096;
    private const int PanelsTogether = 8;
    private const int DepthRun = 32; // rows of B, or columns of A, whose lines are in L1 together while they are dealt out to panels
    private const int TasksPerThread = 4;

    private static int TileRows => V.Count * sizeof(T) == 64 ? 12 : 6;

    private static int TileColumns => 2 * V.Count;

    private static int DepthBlock => 2048 / sizeof(T);

    private static int TaskColumns => (512 << 10) / (DepthBlock * sizeof(T));

    /// <summary>As <see cref="Gemm.Multiply{T}"/>.</summary>
    public static void Multiply(T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate)
    {
        var slabs = (k + DepthBlock - 1) / DepthBlock;
        var depth = (k + slabs - 1) / slabs;
        var rows = RoundUp(Math.Min(m, RowBlock), TileRows);
        var columns = RoundUp(Math.Min(n, ColumnBlock), TileColumns);
        using var scratch = Workspace.Rent<T>((long)depth * (rows + columns));
        var packedB = scratch.As<T>();
        var packedA = packedB + (long)depth * columns; // columns are whole registers: stays aligned

        for (var j = 0; j < n; j += ColumnBlock)
        {
            var nc = Math.Min(n - j, ColumnBlock);
            for (var p = 0; p < k; p += depth)
            {
                var kc = Math.Min(k - p, depth);
                var panelsB = (nc + TileColumns - 1) / TileColumns;
                WorkerPool.Shared.For(
                    bColumn == 1 ? (kc + DepthRun - 1) / DepthRun : panelsB,
                    new PackColumns(b + p * bRow + j * bColumn, bRow, bColumn, packedB, nc, kc));
                for (var i = 0; i < m; i += RowBlock)
                {
                    var mc = Math.Min(m - i, RowBlock);
                    var panelsA = (mc + TileRows - 1) / TileRows;
                    WorkerPool.Shared.For(
                        aRow == 1 ? (kc + DepthRun - 1) / DepthRun : panelsA,
                        new PackRows(a + i * aRow + p * aColumn, aRow, aColumn, packedA, mc, kc));

                    var threads = WorkerPool.InsideLoop ? 1 : WorkerPool.Shared.Threads;
                    var across = (nc + TaskColumns - 1) / TaskColumns;
                    if (threads > 1 && across == 1 && panelsA < threads * TasksPerThread)
                        across = Math.Min(panelsB, (threads * TasksPerThread + panelsA - 1) / panelsA);
                    var panelsAcross = (panelsB + across - 1) / across;
                    across = (panelsB + panelsAcross - 1) / panelsAcross;
                    var panelsDown = threads == 1 ? panelsA : Math.Max(1, panelsA * across / (threads * TasksPerThread));
                    var down = (panelsA + panelsDown - 1) / panelsDown;
                    WorkerPool.Shared.For(across * down, new Tiles(
                        packedA, packedB, c + i * cRow + j, cRow, mc, nc, kc, panelsDown, panelsAcross, across, accumulate || p > 0));
                }
            }
        }
    }

    private static int RoundUp(int x, int unit) => (x + unit - 1) / unit * unit;

    // Panel = [kc, 2V]: row p holds B[p, first .. first + 2V).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackPanel(T* b, long bRow, long bColumn, T* to, int width, int kc, int stride)
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

    // A run of k through all panels where rows of B are contiguous; else one panel.
    private readonly struct PackColumns(T* b, long bRow, long bColumn, T* to, int columns, int kc) : IParallelBody
    {
        public void Invoke(int index)
        {
            if (bColumn != 1)
            {
                var first = index * TileColumns;
                PackPanel(b + first * bColumn, bRow, bColumn, to + (long)first * kc, Math.Min(TileColumns, columns - first), kc, TileColumns);
                return;
            }

            var p = index * DepthRun;
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

    // Panel = [kc, R]: row p holds A[first .. first + R, p]. A run of k through all panels where columns of A are contiguous; else one panel.
    private readonly struct PackRows(T* a, long aRow, long aColumn, T* to, int rows, int kc) : IParallelBody
    {
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
            for (; first + 4 * TileRows <= rows; first += 4 * TileRows) DealFour(first, p, depth);
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
            var from = a + first * aRow + start * aColumn;
            var into = to + (long)first * kc + (long)start * TileRows;
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

    private readonly struct Tiles(
        T* a, T* b, T* c, long cRow, int rows, int columns, int kc, int panelsDown, int panelsAcross, int across, bool accumulate) : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int task)
        {
            var firstRow = task / across * panelsDown * TileRows;
            var firstColumn = task % across * panelsAcross * TileColumns;
            var endRow = Math.Min(rows, firstRow + panelsDown * TileRows);
            var endColumn = Math.Min(columns, firstColumn + panelsAcross * TileColumns);
            var edge = stackalloc T[TileRows * TileColumns];
            for (var i = firstRow; i < endRow; i += TileRows)
            {
                var panelA = a + (long)i * kc;
                for (var j = firstColumn; j < endColumn; j += TileColumns)
                {
                    var panelB = b + (long)j * kc;
                    var to = c + i * cRow + j;
                    var height = Math.Min(TileRows, rows - i);
                    var width = Math.Min(TileColumns, columns - j);
                    if (height == TileRows && width == TileColumns)
                    {
                        Tile(panelA, panelB, to, cRow, accumulate);
                        continue;
                    }

                    Tile(panelA, panelB, edge, TileColumns, accumulate: false);
                    for (var y = 0; y < height; y++)
                        for (var x = 0; x < width; x++)
                            to[y * cRow + x] = accumulate ? to[y * cRow + x] + edge[y * TileColumns + x] : edge[y * TileColumns + x];
                }
            }
        }

        private void Tile(T* panelA, T* panelB, T* to, long row, bool accumulate)
        {
            if (TileRows == 12)
                GemmTile.Rows12<V, T>(kc, panelA, panelB, to, row, accumulate);
            else
                GemmTile.Rows6<V, T>(kc, panelA, panelB, to, row, accumulate);
        }
    }
}
