using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Products of bfloat16 factors, or of one and a float32 one: widened where they are read, summed in float32, rounded once at the end.</summary>
/// <remarks>
/// Algorithm: large products widen while <see cref="GemmPacked{V,T}"/> packs, so that a factor's 2 bytes an element are all that memory moves; a
///            matrix times a vector, or a few rows times a matrix, widens in registers. What is thin otherwise widens a block of the larger factor
///            at a time, what is small the factors as a whole, into scratch that stays in cache, and goes from there as float32 does.
/// Limit:     that of float32, which memory-bound products beat by half the bytes. The processor's own bfloat16 products (AVX-512 BF16, two
///            multiply-adds a lane) are out of reach: .NET 10 has no intrinsics for them, nor for AMX.
/// Parallel:  as the float32 product, or over blocks; sums do not depend on the number of threads.
/// </remarks>
internal static unsafe class GemmNarrow
{
    // What of A is read again for every panel of B, and B, if they are widened whole: the one stays in L2, the other near.
    private const int SmallElementsOfA = 64 << 10, SmallElementsOfB = 1 << 20, DirectDepth = GemmDirect<Simd128<int>, int>.DepthBlock;

    // Below this, as below so few rows, a product is too thin to pay for packing.
    private const int FewColumns = 32;

    // Of a thin product, widened at once: in L1, or at least as many lines as make good use of the other factor.
    private const int BlockElements = 8 << 10;
    private const int BlockDepth = 1024;
    private const int BlockLines = 32;

    // Sums of a rounded result that are kept in float32 at once.
    private const int SumElements = 4 << 20, ThinSumElements = 128 << 10;

    // Of rows widened or rounded by one thread.
    private const int SharedElements = 32 << 10;

    /// <summary>c (+)= a b, of at least one term; <paramref name="c"/> is not rounded.</summary>
    public static void Multiply(GemmFactor<float> a, GemmFactor<float> b, float* c, long cRow, int m, int n, int k, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated) Choose<Simd512<float>>(a, b, c, cRow, m, n, k, accumulate);
        else if (Vector256.IsHardwareAccelerated) Choose<Simd256<float>>(a, b, c, cRow, m, n, k, accumulate);
        else Choose<Simd128<float>>(a, b, c, cRow, m, n, k, accumulate);
    }

    /// <summary>The same with the register width given, so that tests reach every width.</summary>
    internal static void Choose<V>(GemmFactor<float> a, GemmFactor<float> b, float* c, long cRow, int m, int n, int k, bool accumulate)
        where V : struct, ISimd<V, float>
    {
        if (m <= 0 || n <= 0 || k <= 0) return;
        if (n == 1 && a.IsNarrow && a.Column == 1)
        {
            using var scratch = Workspace.Rent<float>(k);
            b = b.Widened(scratch.As<float>(), k, 1);
            GemmVector<V, float>.Multiply<ushort, WidenedElements<V>>(a.Narrow, a.Row, b.Start, b.Row, c, cRow, m, k, accumulate);
        }
        else if (m == 1 && b.IsNarrow && b.Row == 1)
        {
            Choose<V>(b.Transposed, a.Transposed, c, 1, n, 1, k, accumulate);
        }
        else if (m <= Gemm.FewRows && b.IsNarrow && b.Column == 1 && n >= V.Count)
        {
            using var scratch = Workspace.Rent<float>((long)m * k);
            a = a.Widened(scratch.As<float>(), m, k);
            GemmRows<V, float>.Multiply<ushort, WidenedElements<V>>(a.Start, a.Row, a.Column, b.Narrow, b.Row, c, cRow, m, n, k, accumulate);
        }
        else if ((long)m * Math.Min(k, DirectDepth) <= SmallElementsOfA && (long)n * k <= SmallElementsOfB)
        {
            using var scratch = Workspace.Rent<float>(((long)m + n) * k);
            a = Widened(a, scratch.As<float>(), m, k);
            b = Widened(b, scratch.As<float>() + (long)m * k, k, n);
            Gemm.Choose<V, float>(a.Start, a.Row, a.Column, b.Start, b.Row, b.Column, c, cRow, m, n, k, accumulate);
        }
        else if (m <= Gemm.FewRows || n <= FewColumns)
        {
            Blocks<V>(a, b, c, cRow, m, n, k, accumulate);
        }
        else
        {
            GemmPacked<V, float>.Multiply(a, b, c, cRow, m, n, k, accumulate);
        }
    }

    /// <summary>c = a b, of at least one term, rounded to bfloat16.</summary>
    public static void Multiply(GemmFactor<float> a, GemmFactor<float> b, ushort* c, long cRow, int m, int n, int k)
    {
        if (m <= 0 || n <= 0) return;
        var rows = Math.Clamp((n <= FewColumns ? ThinSumElements : SumElements) / n, 1, m);
        using var scratch = Workspace.Rent<float>((long)rows * n);
        var sums = scratch.As<float>();
        for (var i = 0; i < m; i += rows)
        {
            var count = Math.Min(rows, m - i);
            Multiply(a.From(i, 0), b, sums, n, count, n, k, accumulate: false);
            var together = Math.Max(1, SharedElements / n);
            WorkerPool.Shared.For((count + together - 1) / together, new Rounding(sums, c + i * cRow, cRow, count, n, together));
        }
    }

    /// <summary>
    /// <paramref name="batch"/> products, the factors of the next one <c>aBatch</c> and <c>bBatch</c> elements on and its result behind the last;
    /// into float32, or bfloat16, which cannot be added to.
    /// </summary>
    public static void MultiplyBatch(
        GemmFactor<float> a, long aBatch, GemmFactor<float> b, long bBatch, void* c, bool rounds, int m, int n, int k, int batch, bool accumulate)
    {
        // One B for all and matrices of A stacked without a gap: one tall product.
        if (bBatch == 0 && aBatch == m * a.Row && (long)batch * m <= int.MaxValue)
            (m, batch) = (batch * m, 1);
        var body = new Matrices(a, aBatch, b, bBatch, c, rounds, m, n, k, accumulate);
        if (batch >= WorkerPool.Shared.Threads && (long)m * n * k * batch >= Gemm.WorthSharing)
            WorkerPool.Shared.For(batch, body);
        else
            for (var i = 0; i < batch; i++)
                body.Invoke(i);
    }

    // By all threads: runs of rows, or of columns where those lie together.
    private static GemmFactor<float> Widened(GemmFactor<float> factor, float* to, int rows, int columns)
    {
        if (!factor.IsNarrow) return factor;
        var turned = factor.Row == 1 && factor.Column != 1;
        if (turned) (factor, rows, columns) = (factor.Transposed, columns, rows);
        var each = Math.Max(1, SharedElements / columns);
        WorkerPool.Shared.For((rows + each - 1) / each, new Widening(factor, to, rows, columns, each));
        return turned ? new(to, 1, columns) : new(to, columns, 1);
    }

    // The factor with more elements is widened by blocks of its rows (or columns) and of k; the other, which every block needs, at once.
    private static void Blocks<V>(GemmFactor<float> a, GemmFactor<float> b, float* c, long cRow, int m, int n, int k, bool accumulate)
        where V : struct, ISimd<V, float>
    {
        var byRows = m >= n;
        int lines = byRows ? m : n, others = byRows ? n : m;
        using var scratch = Workspace.Rent<float>((byRows ? b : a).IsNarrow ? (long)others * k : 0);
        if (byRows) b = Widened(b, scratch.As<float>(), k, n);
        else a = Widened(a, scratch.As<float>(), m, k);

        var slabs = (k + BlockDepth - 1) / BlockDepth;
        var depth = (k + slabs - 1) / slabs;
        var each = Math.Max(BlockLines, BlockElements / depth / 4 * 4);
        WorkerPool.Shared.For((lines + each - 1) / each, new Block<V>(a, b, c, cRow, byRows, lines, others, k, each, depth, accumulate));
    }

    private readonly struct Block<V>(
        GemmFactor<float> a, GemmFactor<float> b, float* c, long cRow, bool byRows, int lines, int others, int k, int each, int depth, bool accumulate) : IParallelBody
        where V : struct, ISimd<V, float>
    {
        public void Invoke(int index)
        {
            int first = index * each, count = Math.Min(each, lines - first);
            using var scratch = Workspace.Rent<float>((long)count * depth);
            for (var p = 0; p < k; p += depth)
            {
                var kc = Math.Min(depth, k - p);
                GemmFactor<float> x = a.From(byRows ? first : 0, p), y = b.From(p, byRows ? 0 : first);
                if (byRows) x = x.Widened(scratch.As<float>(), count, kc);
                else y = y.Widened(scratch.As<float>(), kc, count);
                Gemm.Choose<V, float>(
                    x.Start, x.Row, x.Column, y.Start, y.Row, y.Column, c + (byRows ? first * cRow : first), cRow,
                    byRows ? count : others, byRows ? others : count, kc, accumulate || p > 0);
            }
        }
    }

    private readonly struct Matrices(
        GemmFactor<float> a, long aBatch, GemmFactor<float> b, long bBatch, void* c, bool rounds, int m, int n, int k, bool accumulate) : IParallelBody
    {
        public void Invoke(int index)
        {
            var (x, y) = (a.Shifted(index * aBatch), b.Shifted(index * bBatch));
            var first = (long)index * m * n;
            if (rounds) Multiply(x, y, (ushort*)c + first, n, m, n, k);
            else Multiply(x, y, (float*)c + first, n, m, n, k, accumulate);
        }
    }

    private readonly struct Widening(GemmFactor<float> factor, float* to, int rows, int columns, int each) : IParallelBody
    {
        public void Invoke(int index)
        {
            var first = index * each;
            factor.From(first, 0).Widened(to + (long)first * columns, Math.Min(each, rows - first), columns);
        }
    }

    private readonly struct Rounding(float* from, ushort* to, long toRow, int rows, int columns, int together) : IParallelBody
    {
        public void Invoke(int index)
        {
            var first = index * together;
            BFloat16Rows.Round(from + (long)first * columns, columns, to + first * toRow, toRow, Math.Min(together, rows - first), columns);
        }
    }
}
