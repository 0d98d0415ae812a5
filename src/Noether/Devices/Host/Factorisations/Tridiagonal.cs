using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix, by a tridiagonal one.</summary>
/// <remarks>
/// Algorithm: Householder reflections make the matrix tridiagonal: A = Q T Qᵀ. The rank-two change of one reflection and the product of the changed
///            matrix with the next reflection's vector are one pass over the matrix. Then implicit QL with Wilkinson's shift (Bowdler, Martin, Reinsch and
///            Wilkinson 1968, "tql2") makes T diagonal; its rotations turn the columns of Q in batches (<see cref="Rotations"/>).
/// Cost:      n³/3 elements read and written (the caches' bandwidth is the limit), 4n³/3 multiply-adds in <see cref="Gemm"/> for Q, and about 0.85 n²
///            rotations of n elements.
/// Parallel:  over rows, blocks of products, and strips of columns.
/// </remarks>
internal static unsafe class Tridiagonal
{
    // An eigenvalue takes some two iterations; thirty and no end is a matrix that is not finite.
    private const int MostIterations = 60;

    // Below so many elements, some 5 µs, a pass is done before another thread wakes.
    private const long WorthSharing = 100_000;

    private const int RowsPerTask = 32;

    private const double Precision = 2.220446049250313e-16; // 2⁻⁵²

    /// <summary>Eigenvalues [n], in no order, of the symmetric a [n, n] with rows <paramref name="stride"/> apart, which is destroyed.</summary>
    /// <param name="a">Both triangles; entries of order 1; 64-byte aligned.</param>
    /// <param name="stride">A multiple of <see cref="Rotations.Padding"/>.</param>
    /// <param name="n">At least 1.</param>
    /// <param name="values">The eigenvalues.</param>
    /// <param name="vectors">Rows: the eigenvectors, <paramref name="stride"/> apart; null if they are not asked for.</param>
    /// <returns>False if the iteration does not end.</returns>
    public static bool Eigen(double* a, int stride, int n, double* values, double* vectors)
    {
        using var scratch = Workspace.Rent<double>(2L * n);
        double* side = scratch.As<double>(), tau = side + n;
        if (Vector512.IsHardwareAccelerated) Reduce<Simd512<double>>(a, stride, n, values, side, tau);
        else if (Vector256.IsHardwareAccelerated) Reduce<Simd256<double>>(a, stride, n, values, side, tau);
        else Reduce<Simd128<double>>(a, stride, n, values, side, tau);
        if (vectors == null) return Diagonalise(values, side, n, null);

        for (var i = 0; i < n; i++) new Span<double>(vectors + (long)i * stride + n, stride - n).Clear(); // the padding is turned along
        Reflectors.Accumulate(a, stride, tau, Math.Max(0, n - 2), 1, n, vectors, stride, n);
        return Diagonalise(values, side, n, new(vectors, stride, n, a));
    }

    // Row k of a becomes reflection k; values and side the diagonal and what is beside it.
    private static void Reduce<V>(double* a, int stride, int n, double* values, double* side, double* tau)
        where V : struct, ISimd<V, double>
    {
        using var scratch = Workspace.Rent<double>(4L * stride);
        double* v = scratch.As<double>(), w = v + stride, next = w + stride, product = next + stride; // of the step before, and of this one
        new Span<double>(v, 4 * stride).Clear();
        for (var k = 0; k < n; k++)
        {
            // Row k as it is after the steps before; what lies left of the diagonal is done with.
            var row = a + (long)k * stride;
            for (var j = k; j < n; j++) row[j] -= v[k] * w[j] + w[k] * v[j];
            values[k] = row[k];
            side[k] = 0;
            if (k + 1 == n) return;
            if (k + 2 == n)
            {
                side[k] = row[k + 1];
                tau[k] = 0;
                new Span<double>(next, stride).Clear();
            }
            else
            {
                side[k] = Reflectors.Make(row + k + 1, n - k - 1, out tau[k]);
                new Span<double>(next, k + 1).Clear();
                new ReadOnlySpan<double>(row + k + 1, n - k - 1).CopyTo(new(next + k + 1, n - k - 1));
            }

            // From a whole register on: the columns before k + 1 hold reflections, which must stay, but those of later rows are free.
            var first = (k + 1) / V.Count * V.Count;
            var tasks = (n - k - 1 + RowsPerTask - 1) / RowsPerTask;
            var pass = new Pass<V>(a, stride, n, k + 1, first, v, w, next, product);
            if ((long)(n - k) * (n - k) >= WorthSharing) WorkerPool.Shared.For(tasks, pass);
            else
                for (var task = 0; task < tasks; task++)
                    pass.Invoke(task);

            // w = τ A v - ½ τ² (vᵀ A v) v
            int rest = n - k - 1;
            Span<double> p = new(product + k + 1, rest), x = new(next + k + 1, rest);
            var half = 0.5 * tau[k] * tau[k] * Vectors.Dot<double>(p, x);
            for (var j = 0; j < rest; j++) p[j] = tau[k] * p[j] - half * x[j];
            double* oldV = v, oldW = w;
            v = next;
            w = product;
            next = oldV;
            product = oldW;
        }
    }

    // tql2 of EISPACK. The rotations are those of the rows of Qᵀ.
    private static bool Diagonalise(double* d, double* e, int n, Rotations? rotations)
    {
        double moved = 0, largest = 0;
        for (var l = 0; l < n; l++)
        {
            largest = Math.Max(largest, Math.Abs(d[l]) + Math.Abs(e[l]));
            var m = l;
            while (m < n - 1 && Math.Abs(e[m]) > largest * Precision) m++;
            for (var iteration = 0; m > l && Math.Abs(e[l]) > largest * Precision; iteration++)
            {
                if (iteration == MostIterations) return false;
                var g = d[l];
                var p = (d[l + 1] - g) / (2 * e[l]);
                var r = Math.CopySign(Math.Sqrt(p * p + 1), p);
                d[l] = e[l] / (p + r);
                d[l + 1] = e[l] * (p + r);
                var after = d[l + 1];
                var h = g - d[l];
                for (var i = l + 2; i < n; i++) d[i] -= h;
                moved += h;

                p = d[m];
                double c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0, beside = e[l + 1];
                for (var i = m - 1; i >= l; i--)
                {
                    c3 = c2;
                    c2 = c;
                    s2 = s;
                    g = c * e[i];
                    h = c * p;
                    r = Math.Sqrt(p * p + e[i] * e[i]);
                    e[i + 1] = s * r;
                    (s, c) = r == 0 ? (0, 1) : (e[i] / r, p / r);
                    p = c * d[i] - s * g;
                    d[i + 1] = h + s * (c * g + s * d[i]);
                    rotations?.Add(i, i + 1, c, -s);
                }

                p = -s * s2 * c3 * beside * e[l] / after;
                e[l] = s * p;
                d[l] = c * p;
            }

            d[l] += moved;
            e[l] = 0;
        }

        rotations?.Finish();
        return true;
    }

    // a -= v wᵀ + w vᵀ and product = a·next, from row and column `start` on; columns from the register that holds it.
    private readonly struct Pass<V>(double* a, int stride, int n, int start, int first, double* v, double* w, double* next, double* product) : IParallelBody
        where V : struct, ISimd<V, double>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int task)
        {
            var i = start + task * RowsPerTask;
            var end = Math.Min(n, i + RowsPerTask);
            for (; i + 4 <= end; i += 4) Four(i);
            for (; i < end; i++) One(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Four(int i)
        {
            double* r0 = a + (long)i * stride, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            V v0 = V.Broadcast(-v[i]), v1 = V.Broadcast(-v[i + 1]), v2 = V.Broadcast(-v[i + 2]), v3 = V.Broadcast(-v[i + 3]);
            V w0 = V.Broadcast(-w[i]), w1 = V.Broadcast(-w[i + 1]), w2 = V.Broadcast(-w[i + 2]), w3 = V.Broadcast(-w[i + 3]);
            V s0 = V.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            for (var j = first; j < n; j += V.Count)
            {
                V x = V.Load(v + j), y = V.Load(w + j), z = V.Load(next + j);
                var t0 = V.MultiplyAdd(v0, y, V.MultiplyAdd(w0, x, V.Load(r0 + j)));
                var t1 = V.MultiplyAdd(v1, y, V.MultiplyAdd(w1, x, V.Load(r1 + j)));
                var t2 = V.MultiplyAdd(v2, y, V.MultiplyAdd(w2, x, V.Load(r2 + j)));
                var t3 = V.MultiplyAdd(v3, y, V.MultiplyAdd(w3, x, V.Load(r3 + j)));
                t0.Store(r0 + j);
                t1.Store(r1 + j);
                t2.Store(r2 + j);
                t3.Store(r3 + j);
                s0 = V.MultiplyAdd(t0, z, s0);
                s1 = V.MultiplyAdd(t1, z, s1);
                s2 = V.MultiplyAdd(t2, z, s2);
                s3 = V.MultiplyAdd(t3, z, s3);
            }

            product[i] = V.Fold<SumFold>(s0);
            product[i + 1] = V.Fold<SumFold>(s1);
            product[i + 2] = V.Fold<SumFold>(s2);
            product[i + 3] = V.Fold<SumFold>(s3);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void One(int i)
        {
            var row = a + (long)i * stride;
            V v0 = V.Broadcast(-v[i]), w0 = V.Broadcast(-w[i]), sum = V.Broadcast(0);
            for (var j = first; j < n; j += V.Count)
            {
                var t = V.MultiplyAdd(v0, V.Load(w + j), V.MultiplyAdd(w0, V.Load(v + j), V.Load(row + j)));
                t.Store(row + j);
                sum = V.MultiplyAdd(t, V.Load(next + j), sum);
            }

            product[i] = V.Fold<SumFold>(sum);
        }
    }
}
