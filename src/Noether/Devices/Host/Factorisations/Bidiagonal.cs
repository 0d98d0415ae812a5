using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>A = U B Vᵀ with B upper bidiagonal, by Householder reflections from both sides (Golub and Kahan 1965).</summary>
/// <remarks>
/// Algorithm: a step changes the matrix by u yᵀ + x vᵀ, where u clears a column and v a row. The change of one step and the product uᵀA of the next are
///            one pass over the matrix, the product A v a second one that only reads.
/// Cost:      2n³/3 elements read and n³/3 written: the caches' bandwidth is the limit; 8n³/3 operations.
/// Parallel:  over rows; uᵀA is summed in chunks of rows, whose number depends on the size alone, so that equal matrices give equal bits.
/// </remarks>
internal static unsafe class Bidiagonal
{
    // Below so many elements, some 5 µs, a pass is done before another thread wakes.
    private const long WorthSharing = 100_000;

    private const int Chunks = 8;

    /// <summary>Row k of a becomes right reflection k (from column k + 1), row k of left becomes left reflection k (from k).</summary>
    /// <param name="a">[n, n], destroyed; zeros in the padding.</param>
    /// <param name="stride">From a row to the next in both matrices: a multiple of <see cref="Rotations.Padding"/>.</param>
    /// <param name="n">At least 1.</param>
    /// <param name="left">[n, n].</param>
    /// <param name="diagonal">B's.</param>
    /// <param name="side">B's entries right of it, then 0.</param>
    /// <param name="leftTau">τ of the left reflections.</param>
    /// <param name="rightTau">τ of the right ones.</param>
    public static void Reduce(double* a, int stride, int n, double* left, double* diagonal, double* side, double* leftTau, double* rightTau)
    {
        if (Vector512.IsHardwareAccelerated) Reduce<Simd512<double>>(a, stride, n, left, diagonal, side, leftTau, rightTau);
        else if (Vector256.IsHardwareAccelerated) Reduce<Simd256<double>>(a, stride, n, left, diagonal, side, leftTau, rightTau);
        else Reduce<Simd128<double>>(a, stride, n, left, diagonal, side, leftTau, rightTau);
    }

    private static void Reduce<V>(double* a, int stride, int n, double* left, double* diagonal, double* side, double* leftTau, double* rightTau)
        where V : struct, ISimd<V, double>
    {
        using var scratch = Workspace.Rent<double>((5L + Chunks) * stride);
        double* x = scratch.As<double>(), y = x + stride, v = y + stride, sums = v + stride, product = sums + (long)Chunks * stride;
        var nothing = product + stride;
        new Span<double>(x, (5 + Chunks) * stride).Clear();
        var u = nothing;
        for (var k = 0; k < n; k++)
        {
            // Column k as it is after the steps before.
            var column = left + (long)k * stride;
            new Span<double>(column, k).Clear();
            for (var i = k; i < n; i++) column[i] = a[(long)i * stride + k] - u[i] * y[k] - x[i] * v[k];
            new Span<double>(column + n, stride - n).Clear();
            diagonal[k] = Reflectors.Make(column + k, n - k, out leftTau[k]);
            side[k] = 0;
            if (k + 1 == n) return;

            // The change, and uᵀA, for the columns right of k.
            var first = (k + 1) / V.Count * V.Count;
            var share = (long)(n - k) * (n - k) >= WorthSharing;
            var rows = share ? (n - k + Chunks - 1) / Chunks : n - k;
            var chunks = (n - k + rows - 1) / rows;
            var change = new Change<V>(a, stride, n, k, first, rows, u, y, x, v, column, sums);
            if (share) WorkerPool.Shared.For(chunks, change);
            else change.Invoke(0);
            for (var j = k + 1; j < n; j++)
            {
                double sum = 0;
                for (var chunk = 0; chunk < chunks; chunk++) sum += sums[(long)chunk * stride + j];
                y[j] = leftTau[k] * sum;
            }

            // Row k after u, and its reflection. The row keeps it; v gets a copy that starts with zeros.
            var row = a + (long)k * stride;
            for (var j = k + 1; j < n; j++) row[j] -= column[k] * y[j];
            if (k + 2 == n)
            {
                side[k] = row[k + 1];
                rightTau[k] = 0;
                new Span<double>(v, n).Clear();
                new Span<double>(x, n).Clear();
            }
            else
            {
                side[k] = Reflectors.Make(row + k + 1, n - k - 1, out rightTau[k]);
                new Span<double>(v, k + 1).Clear();
                new ReadOnlySpan<double>(row + k + 1, n - k - 1).CopyTo(new(v + k + 1, n - k - 1));

                // x = τ (A - u yᵀ) v
                var times = new Times<V>(a, stride, n, k + 1, first, rows, v, product);
                if (share) WorkerPool.Shared.For((n - k - 1 + rows - 1) / rows, times);
                else times.Invoke(0);
                var across = Vectors.Dot<double>(new(y + k + 1, n - k - 1), new(v + k + 1, n - k - 1));
                for (var i = k + 1; i < n; i++) x[i] = rightTau[k] * (product[i] - column[i] * across);
            }

            u = column;
        }
    }

    // a -= u yᵀ + x vᵀ from row and column k on, and sums = next·a by chunks of rows.
    private readonly struct Change<V>(
        double* a, int stride, int n, int k, int first, int rows, double* u, double* y, double* x, double* v, double* next, double* sums) : IParallelBody
        where V : struct, ISimd<V, double>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int chunk)
        {
            var sum = sums + (long)chunk * stride;
            new Span<double>(sum, stride).Clear();
            var i = k + chunk * rows;
            var end = Math.Min(n, i + rows);
            for (; i + 2 <= end; i += 2)
            {
                double* r0 = a + (long)i * stride, r1 = r0 + stride;
                V u0 = V.Broadcast(-u[i]), u1 = V.Broadcast(-u[i + 1]), x0 = V.Broadcast(-x[i]), x1 = V.Broadcast(-x[i + 1]);
                V n0 = V.Broadcast(next[i]), n1 = V.Broadcast(next[i + 1]);
                for (var j = first; j < n; j += V.Count)
                {
                    V s = V.Load(y + j), t = V.Load(v + j);
                    var p = V.MultiplyAdd(u0, s, V.MultiplyAdd(x0, t, V.Load(r0 + j)));
                    var q = V.MultiplyAdd(u1, s, V.MultiplyAdd(x1, t, V.Load(r1 + j)));
                    p.Store(r0 + j);
                    q.Store(r1 + j);
                    V.MultiplyAdd(n0, p, V.MultiplyAdd(n1, q, V.Load(sum + j))).Store(sum + j);
                }
            }

            for (; i < end; i++)
            {
                var row = a + (long)i * stride;
                V u0 = V.Broadcast(-u[i]), x0 = V.Broadcast(-x[i]), n0 = V.Broadcast(next[i]);
                for (var j = first; j < n; j += V.Count)
                {
                    var p = V.MultiplyAdd(u0, V.Load(y + j), V.MultiplyAdd(x0, V.Load(v + j), V.Load(row + j)));
                    p.Store(row + j);
                    V.MultiplyAdd(n0, p, V.Load(sum + j)).Store(sum + j);
                }
            }
        }
    }

    // product = a·v for rows from `start` on.
    private readonly struct Times<V>(double* a, int stride, int n, int start, int first, int rows, double* v, double* product) : IParallelBody
        where V : struct, ISimd<V, double>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int chunk)
        {
            var i = start + chunk * rows;
            var end = Math.Min(n, i + rows);
            for (; i + 4 <= end; i += 4)
            {
                double* r0 = a + (long)i * stride, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
                V s0 = V.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
                for (var j = first; j < n; j += V.Count)
                {
                    var t = V.Load(v + j);
                    s0 = V.MultiplyAdd(V.Load(r0 + j), t, s0);
                    s1 = V.MultiplyAdd(V.Load(r1 + j), t, s1);
                    s2 = V.MultiplyAdd(V.Load(r2 + j), t, s2);
                    s3 = V.MultiplyAdd(V.Load(r3 + j), t, s3);
                }

                product[i] = V.Fold<SumFold>(s0);
                product[i + 1] = V.Fold<SumFold>(s1);
                product[i + 2] = V.Fold<SumFold>(s2);
                product[i + 3] = V.Fold<SumFold>(s3);
            }

            for (; i < end; i++)
            {
                var s = V.Broadcast(0);
                for (var j = first; j < n; j += V.Count) s = V.MultiplyAdd(V.Load(a + (long)i * stride + j), V.Load(v + j), s);
                product[i] = V.Fold<SumFold>(s);
            }
        }
    }
}
