using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Large products: panels of A and B are packed once, shared by all threads, and multiplied tile by tile.</summary>
/// <remarks>
/// Algorithm: Goto and van de Geijn (2008) with the roles of A and B exchanged for row-major C. For each slab of k: pack B[kc, nc] into
///            panels of 2V columns and A[mc, kc] into panels of R rows, both padded with zeros, then multiply every pair of panels.
/// Blocking:  kc is at most 2 KiB of elements, and k is cut evenly, so a panel of A (12 x 512 floats, 24 KiB) stays in L1 (32 KiB) while panels
///            of B stream past it from L2: 128 bytes per 24 multiply-adds, a tenth of L2's bandwidth. A task's share of B is half of L2
///            (512 KiB: 256 columns of floats, more where k is short); the slabs packed at once are at most 8 MiB each, so they stay in L3.
/// Parallel:  packing by panels or by runs of k, whichever reads along rows; then multiplication by blocks of panels, four tasks a thread
///            where there are as many.
/// Epilogue:  what reads C elementwise is called for each row of tiles of a task after the last slab, when these elements are in L1 or L2.
/// Several:   products that share factors, as a product and its tangent do, share their panels; a row of tiles of one follows that of another.
/// Cost:      2mnk operations; packing moves mk + kn elements (once more for each further 4096 columns), C is read and written k/kc times; a
///            tile of C is fetched while it is computed.
/// </remarks>
internal static unsafe class GemmPacked<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int RowBlock = 4080; // a multiple of 12 and of 6
    private const int ColumnBlock = 4096;
    private const int TasksPerThread = 4;
    private const int MostTaskColumns = 1024;

    private static int TileRows => GemmPanels<V, T>.TileRows;

    private static int TileColumns => GemmPanels<V, T>.TileColumns;

    private static int DepthBlock => 2048 / sizeof(T);

    private static int TaskColumns(int kc) => Math.Clamp((512 << 10) / (kc * sizeof(T)), 1, MostTaskColumns);

    /// <summary>As <c>Gemm.Multiply</c>.</summary>
    public static void Multiply(T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate) =>
        Multiply(new GemmFactor<T>(a, aRow, aColumn), new(b, bRow, bColumn), c, cRow, m, n, k, accumulate);

    /// <inheritdoc cref="Multiply(T*, long, long, T*, long, long, T*, long, int, int, int, bool)"/>
    public static void Multiply(GemmFactor<T> a, GemmFactor<T> b, T* c, long cRow, int m, int n, int k, bool accumulate, IRegionBody? finished = null) =>
        Multiply([a], [b], [new(0, 0, (nint)c, accumulate)], cRow, m, n, k, finished);

    /// <summary>
    /// Several products of equal sizes, of factors that are packed once for all of them; <paramref name="finished"/> is called for parts of the
    /// first result when they are final in all.
    /// </summary>
    public static void Multiply(
        ReadOnlySpan<GemmFactor<T>> a, ReadOnlySpan<GemmFactor<T>> b, ReadOnlySpan<GemmTerm<T>> terms, long cRow, int m, int n, int k, IRegionBody? finished)
    {
        var slabs = (k + DepthBlock - 1) / DepthBlock;
        var depth = (k + slabs - 1) / slabs;
        var rows = RoundUp(Math.Min(m, RowBlock), TileRows);
        var columns = RoundUp(Math.Min(n, ColumnBlock), TileColumns);
        using var scratch = Workspace.Rent<T>((long)depth * (a.Length * rows + b.Length * columns));
        var packedB = scratch.As<T>();
        var packedA = packedB + b.Length * (long)depth * columns; // columns are whole registers: stays aligned
        fixed (GemmTerm<T>* first = terms)
        {
            for (var j = 0; j < n; j += ColumnBlock)
            {
                var nc = Math.Min(n - j, ColumnBlock);
                for (var p = 0; p < k; p += depth)
                {
                    var kc = Math.Min(k - p, depth);
                    var panelsB = (nc + TileColumns - 1) / TileColumns;
                    var sizeB = (long)RoundUp(nc, TileColumns) * kc;
                    for (var f = 0; f < b.Length; f++)
                    {
                        var packB = new GemmPanels<V, T>.Columns(b[f].From(p, j), packedB + f * sizeB, nc, kc);
                        WorkerPool.Shared.For(packB.Parts, packB);
                    }

                    for (var i = 0; i < m; i += RowBlock)
                    {
                        var mc = Math.Min(m - i, RowBlock);
                        var panelsA = (mc + TileRows - 1) / TileRows;
                        var sizeA = (long)RoundUp(mc, TileRows) * kc;
                        for (var f = 0; f < a.Length; f++)
                        {
                            var packA = new GemmPanels<V, T>.Rows(a[f].From(i, p), packedA + f * sizeA, mc, kc);
                            WorkerPool.Shared.For(packA.Parts, packA);
                        }

                        var threads = WorkerPool.InsideLoop ? 1 : WorkerPool.Shared.Threads;
                        var taskColumns = Math.Max(1, TaskColumns(kc) / b.Length);
                        var across = (nc + taskColumns - 1) / taskColumns;
                        if (threads > 1 && across == 1 && panelsA < threads * TasksPerThread)
                            across = Math.Min(panelsB, (threads * TasksPerThread + panelsA - 1) / panelsA);
                        var panelsAcross = (panelsB + across - 1) / across;
                        across = (panelsB + panelsAcross - 1) / panelsAcross;
                        var panelsDown = threads == 1 ? panelsA : Math.Max(1, panelsA * across / (threads * TasksPerThread));
                        var down = (panelsA + panelsDown - 1) / panelsDown;
                        WorkerPool.Shared.For(across * down, new Tiles(
                            packedA, sizeA, packedB, sizeB, first, terms.Length, i * cRow + j, cRow, mc, nc, kc, panelsDown, panelsAcross, across,
                            p > 0, p + kc == k ? finished : null));
                    }
                }
            }
        }
    }

    /// <summary>A panel of A by panels of B: <paramref name="height"/> rows of C, from a column that begins a panel to <paramref name="endColumn"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void RowOfTiles(T* panelA, T* b, T* c, long cRow, int height, int firstColumn, int endColumn, int kc, bool accumulate)
    {
        var edge = stackalloc T[TileRows * TileColumns];
        for (var j = firstColumn; j < endColumn; j += TileColumns)
        {
            var panelB = b + (long)j * kc;
            var to = c + j;
            var width = Math.Min(TileColumns, endColumn - j);
            if (height == TileRows && width == TileColumns)
            {
                Tile(kc, panelA, panelB, to, cRow, accumulate);
                continue;
            }

            Tile(kc, panelA, panelB, edge, TileColumns, accumulate: false);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    to[y * cRow + x] = accumulate ? to[y * cRow + x] + edge[y * TileColumns + x] : edge[y * TileColumns + x];
        }
    }

    private static void Tile(int kc, T* panelA, T* panelB, T* to, long row, bool accumulate)
    {
        if (TileRows == 12)
            GemmTile.Rows12<V, T>(kc, panelA, panelB, to, row, accumulate);
        else
            GemmTile.Rows6<V, T>(kc, panelA, panelB, to, row, accumulate);
    }

    private static int RoundUp(int x, int unit) => (x + unit - 1) / unit * unit;

    private readonly struct Tiles(
        T* a, long aSize, T* b, long bSize, GemmTerm<T>* terms, int count, long place, long cRow, int rows, int columns, int kc,
        int panelsDown, int panelsAcross, int across, bool accumulate, IRegionBody? finished) : IParallelBody
    {
        public void Invoke(int task)
        {
            var firstRow = task / across * panelsDown * TileRows;
            var firstColumn = task % across * panelsAcross * TileColumns;
            var endRow = Math.Min(rows, firstRow + panelsDown * TileRows);
            var endColumn = Math.Min(columns, firstColumn + panelsAcross * TileColumns);
            for (var i = firstRow; i < endRow; i += TileRows)
            {
                for (var t = 0; t < count; t++)
                {
                    var term = terms[t];
                    RowOfTiles(
                        a + term.A * aSize + (long)i * kc, b + term.B * bSize, term.From(place + i * cRow), cRow, Math.Min(TileRows, rows - i),
                        firstColumn, endColumn, kc, accumulate || term.Adds);
                }

                finished?.Invoke(terms[0].From(place + i * cRow + firstColumn), Math.Min(TileRows, endRow - i), endColumn - firstColumn);
            }
        }
    }
}
