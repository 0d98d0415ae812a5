using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Products of bfloat16 factors, or of one and a float32 one: widened where they are read, summed in float32, rounded once at the end.</summary>
/// <remarks>
/// Algorithm: large products widen while <see cref="GemmPacked{V,T}"/> packs, so that a factor's 2 bytes an element are all that memory moves. Thin
///            and small ones widen a block of the larger factor at a time into scratch that stays in cache, and go from there as float32 does.
/// Limit:     that of float32, which memory-bound products beat by half the bytes. The processor's own bfloat16 products (AVX-512 BF16, two
///            multiply-adds a lane) are out of reach: .NET 10 has no intrinsics for them, nor for AMX.
/// Parallel:  as the float32 product, or over blocks; sums do not depend on the number of threads.
/// </remarks>
internal static unsafe class GemmNarrow
{
    // Widened at once: a part of L2; of a product with a vector, which reads it once, of L1.
    private const int BlockElements = 64 << 10;
    private const int VectorBlockElements = 4 << 10;
    private const int BlockDepth = 1024;

    // Below these a product is too thin, or too small, to pay for packing.
    private const int FewRows = 8;
    private const int FewColumns = 32;
    private const long SmallOperations = 64 * 64 * 64;

    // Sums of a rounded result that are kept in float32 at once.
    private const int SumElements = 4 << 20;

    // Below this many multiply-adds one thread is done before another wakes.
    private const long WorthSharing = 100_000;

    /// <summary>c (+)= a b; <paramref name="c"/> is not rounded.</summary>
    public static void Multiply(GemmFactor<float> a, GemmFactor<float> b, float* c, long cRow, int m, int n, int k, bool accumulate)
    {
        if (m <= 0 || n <= 0) return;
        if (m <= FewRows || n <= FewColumns || (long)m * n * k <= SmallOperations) Blocks(a, b, c, cRow, m, n, k, accumulate);
        else if (Vector512.IsHardwareAccelerated) GemmPacked<Simd512<float>, float>.Multiply(a, b, c, cRow, m, n, k, accumulate);
        else if (Vector256.IsHardwareAccelerated) GemmPacked<Simd256<float>, float>.Multiply(a, b, c, cRow, m, n, k, accumulate);
        else GemmPacked<Simd128<float>, float>.Multiply(a, b, c, cRow, m, n, k, accumulate);
    }

    /// <summary>c = a b, rounded to bfloat16.</summary>
    public static void Multiply(GemmFactor<float> a, GemmFactor<float> b, ushort* c, long cRow, int m, int n, int k)
    {
        var rows = (int)Math.Clamp(SumElements / Math.Max(1L, n), 1, Math.Max(1, m));
        using var scratch = Workspace.Rent<float>((long)rows * n);
        var sums = scratch.As<float>();
        for (var i = 0; i < m; i += rows)
        {
            var count = Math.Min(rows, m - i);
            Multiply(a.From(i, 0), b, sums, n, count, n, k, accumulate: false);
            var body = new Rounding(sums, c + i * cRow, cRow, n);
            if ((long)count * n >= WorthSharing) WorkerPool.Shared.For(count, body);
            else for (var row = 0; row < count; row++) body.Invoke(row);
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
        if (batch >= WorkerPool.Shared.Threads && (long)m * n * k * batch >= WorthSharing)
            WorkerPool.Shared.For(batch, body);
        else
            for (var i = 0; i < batch; i++)
                body.Invoke(i);
    }

    // The factor with more elements is widened by blocks of its rows (or columns) and of k; the other, which every block needs, at once.
    private static void Blocks(GemmFactor<float> a, GemmFactor<float> b, float* c, long cRow, int m, int n, int k, bool accumulate)
    {
        var byRows = m >= n;
        int lines = byRows ? m : n, others = byRows ? n : m;
        using var scratch = Workspace.Rent<float>((byRows ? b : a).IsNarrow ? (long)others * k : 0);
        if (byRows) b = b.Widened(scratch.As<float>(), k, n);
        else a = a.Widened(scratch.As<float>(), m, k);

        // Rows of the block are read along the factor's own: long ones, whichever they are.
        var block = others == 1 ? VectorBlockElements : BlockElements;
        var alongLines = byRows ? a.Row == 1 && a.Column != 1 : b.Column == 1;
        var depth = alongLines ? Math.Min(k, Math.Max(16, block / Math.Min(lines, BlockDepth))) : Math.Min(k, BlockDepth);
        var each = Math.Clamp(block / Math.Max(1, depth) / 8 * 8, 8, Math.Max(8, lines));
        var body = new Block(a, b, c, cRow, byRows, lines, others, k, each, depth, accumulate);
        var count = (lines + each - 1) / each;
        if ((long)m * n * k >= WorthSharing) WorkerPool.Shared.For(count, body);
        else for (var i = 0; i < count; i++) body.Invoke(i);
    }

    private readonly struct Block(
        GemmFactor<float> a, GemmFactor<float> b, float* c, long cRow, bool byRows, int lines, int others, int k, int each, int depth, bool accumulate) : IParallelBody
    {
        public void Invoke(int index)
        {
            int first = index * each, count = Math.Min(each, lines - first);
            using var scratch = Workspace.Rent<float>((long)count * depth);
            for (var p = 0; p < k || p == 0; p += depth)
            {
                var kc = Math.Min(depth, k - p);
                GemmFactor<float> x = a.From(byRows ? first : 0, p), y = b.From(p, byRows ? 0 : first);
                if (byRows) x = x.Widened(scratch.As<float>(), count, kc);
                else y = y.Widened(scratch.As<float>(), kc, count);
                Gemm.Multiply(
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

    private readonly struct Rounding(float* from, ushort* to, long toRow, int columns) : IParallelBody
    {
        public void Invoke(int row) => BFloat16Rows.Round(from + (long)row * columns, to + row * toRow, columns);
    }
}
