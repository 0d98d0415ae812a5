using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Small or thin products, where packing A would cost as much as multiplying: A is read where it lies.</summary>
/// <remarks>
/// Algorithm: for each panel of 2V columns of B (used in place if its rows are contiguous and whole, else copied, padded with zeros, into
///            at most 512 rows of scratch) sweep down C in tiles of 4 rows. Narrow ends take the narrowest register pair that covers them.
/// Limit:     8 sums hide the latency of one multiply-add a cycle; a panel of B (512 x 32 floats, 64 KiB) comes from L2.
/// Parallel:  over panels and runs of rows, when the product is worth waking threads.
/// </remarks>
internal static unsafe class GemmDirect<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The rows of B that are multiplied in one sweep.</summary>
    public const int DepthBlock = 512;

    private const long OperationsPerTask = 100_000; // some 2 µs of work, against 1 µs to share it

    /// <summary>As <c>Gemm.Multiply</c>.</summary>
    public static void Multiply(T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate) =>
        Multiply(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, null);

    /// <summary>The same, and fetches what the next product reads, if that is given.</summary>
    public static void Multiply(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate, GemmAhead* ahead)
    {
        var body = new Panels(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, ahead);
        var panels = (n + 2 * V.Count - 1) / (2 * V.Count);
        var operations = (long)m * n * k;
        var wanted = WorkerPool.InsideLoop ? 1 : Math.Min(4 * WorkerPool.Shared.Threads, operations / OperationsPerTask);
        if (wanted <= 1 || WorkerPool.Shared.Threads == 1)
        {
            for (var panel = 0; panel < panels; panel++)
                body.Run(panel, 0, m);
            return;
        }

        // Runs of rows are multiples of 4, and as few as give every thread work: a copied panel is copied once a run.
        var runs = (int)Math.Clamp((wanted + panels - 1) / panels, 1, (m + 3) / 4);
        var rows = ((m + runs - 1) / runs + 3) / 4 * 4;
        runs = (m + rows - 1) / rows;
        WorkerPool.Shared.For(panels * runs, new Share(body, rows, runs, m));
    }

    private readonly struct Share(Panels body, int rows, int runs, int m) : IParallelBody
    {
        public void Invoke(int index)
        {
            var first = index % runs * rows;
            body.Run(index / runs, first, Math.Min(m, first + rows));
        }
    }

    private readonly struct Panels(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate,
        GemmAhead* ahead)
    {
        public void Run(int panel, int firstRow, int endRow)
        {
            var first = panel * 2 * V.Count;
            var width = Math.Min(2 * V.Count, n - first);
            if (width == 2 * V.Count && bColumn == 1)
            {
                // At most DepthBlock rows at once here too, so that the panel stays in cache from one run of 4 rows to the next.
                for (var p = 0; p < k; p += DepthBlock)
                    Sweep<V>(b + p * bRow + first, bRow, first, width, p, firstRow, endRow);
                return;
            }

            using var scratch = Workspace.Rent<T>((long)Math.Min(k, DepthBlock) * 2 * V.Count);
            for (var p = 0; p < k; p += DepthBlock)
            {
                var kc = Math.Min(DepthBlock, k - p);
                var from = b + p * bRow + first * bColumn;
                var to = scratch.As<T>();
                if (width > V.Count)
                    CopyAndSweep<V>(from, to, first, width, p, kc, firstRow, endRow);
                else if (2 * Simd256<T>.Count >= width && width > 2 * Simd128<T>.Count)
                    CopyAndSweep<Simd256<T>>(from, to, first, width, p, kc, firstRow, endRow);
                else if (2 * Simd128<T>.Count >= width)
                    CopyAndSweep<Simd128<T>>(from, to, first, width, p, kc, firstRow, endRow);
                else
                    CopyAndSweep<V>(from, to, first, width, p, kc, firstRow, endRow);
            }
        }

        private void CopyAndSweep<W>(T* from, T* to, int first, int width, int p, int kc, int firstRow, int endRow)
            where W : struct, ISimd<W, T>
        {
            GemmPanels<W, T>.PackPanel(from, bRow, bColumn, to, width, kc, 2 * W.Count);
            Sweep<W>(to, 2 * W.Count, first, width, p, firstRow, endRow);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Sweep<W>(T* panel, long panelRow, int first, int width, int p, int firstRow, int endRow)
            where W : struct, ISimd<W, T>
        {
            var kc = Math.Min(DepthBlock, k - p);
            var add = accumulate || p > 0;
            var whole = width == 2 * W.Count;
            var edge = stackalloc T[8 * W.Count];
            var i = firstRow;
            var fetches = p == 0 && ahead != null;
            for (; i + 4 <= endRow; i += 4)
            {
                if (fetches) FetchShare(first, i);
                var x = a + i * aRow + p * aColumn;
                var to = c + i * cRow + first;
                if (whole)
                {
                    GemmTile.Direct4<W, T>(kc, x, aRow, aColumn, panel, panelRow, to, cRow, add);
                    continue;
                }

                GemmTile.Direct4<W, T>(kc, x, aRow, aColumn, panel, panelRow, edge, 2 * W.Count, accumulate: false);
                for (var y = 0; y < 4; y++)
                    Put(edge + y * 2 * W.Count, to + y * cRow, width, add);
            }

            for (; i < endRow; i++)
            {
                var x = a + i * aRow + p * aColumn;
                var to = c + i * cRow + first;
                if (whole)
                {
                    GemmTile.Direct1<W, T>(kc, x, aColumn, panel, panelRow, to, add);
                    continue;
                }

                GemmTile.Direct1<W, T>(kc, x, aColumn, panel, panelRow, edge, accumulate: false);
                Put(edge, to, width, add);
            }
        }

        // One tile's share of what is fetched ahead.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void FetchShare(int column, int row)
        {
            int tilesDown = (m + 3) / 4, panels = (n + 2 * V.Count - 1) / (2 * V.Count);
            ahead->Fetch((long)column / (2 * V.Count) * tilesDown + row / 4, (long)panels * tilesDown);
        }

        private static void Put(T* from, T* to, int width, bool add)
        {
            for (var j = 0; j < width; j++)
                to[j] = add ? to[j] + from[j] : from[j];
        }
    }
}
