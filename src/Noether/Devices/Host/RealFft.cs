using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Transforms between n real numbers and the first n/2 + 1 of their Fourier coefficients, along the middle axis of [outer, n, inner].</summary>
/// <remarks>
/// Even n: the even and the odd points are real and imaginary part of n/2 complex numbers; after one transform of these,
///         X[k] = E[k] + w^k O[k] with E, O = (Z[k] ± conj Z[n/2 - k]) / (2, 2i), w = e^(-2πi/n). Half the work of a complex transform.
/// Odd n:  a complex transform with zeros for the imaginary parts.
/// Lanes:  as in <see cref="Fft"/>, whose choice of bundles this follows.
/// </remarks>
internal static unsafe class RealFft
{
    /// <summary>
    /// out[o, k, i] = Σ_t x[o, t, i] e^(-2πi kt/n) for k in 0..n/2; x has n rows of inner elements for each o, the parts of out n/2 + 1.
    /// </summary>
    public static void Forward<T>(T* x, T* outRe, T* outIm, int n, long outer, long inner)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n <= 0 || outer <= 0 || inner <= 0)
            return;
        var layout = new Layout<T>(n, outer, inner);
        Fft.Share(layout.Tasks, n * outer * inner, new ForwardBody<T>(layout, x, outRe, outIm));
    }

    /// <summary>
    /// out[o, t, i] = Σ_k X[o, k, i] e^(2πi kt/n) over all k in 0..n-1 with X[n - k] = conj X[k]: n times the inverse of
    /// <see cref="Forward{T}"/>. The imaginary parts of X[0], and of X[n/2] for even n, count as zero.
    /// </summary>
    public static void Inverse<T>(T* re, T* im, T* output, int n, long outer, long inner)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n <= 0 || outer <= 0 || inner <= 0)
            return;
        var layout = new Layout<T>(n, outer, inner);
        Fft.Share(layout.Tasks, n * outer * inner, new InverseBody<T>(layout, re, im, output));
    }

    // How the transforms are cut into bundles of lanes, and the way of a bundle into and out of scratch [rows, lanes].
    private readonly struct Layout<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly int N;
        public readonly FftPlan<T> Plan;
        public readonly T[] Roots; // cos and -sin of 2πk/n for k in 0..n/4: what the joining needs
        public readonly int Lanes;
        public readonly int Tasks;
        private readonly long outer;
        private readonly long inner;
        private readonly int blocks;

        public Layout(int n, long outer, long inner)
        {
            N = n;
            Plan = FftPlan<T>.For(n % 2 == 0 ? n / 2 : n);
            Roots = RealRoots<T>.For(n);
            this.outer = outer;
            this.inner = inner;
            Lanes = inner == 1 ? Fft.RowLanes<T>(Plan.Size, outer) : Fft.Lanes<T>(Plan.Size, inner);
            blocks = Fft.Blocks(inner == 1 ? outer : inner, Lanes);
            Tasks = inner == 1 ? blocks : checked((int)(outer * blocks));
        }

        /// <summary>Rows of the bundle, each <see cref="Lanes"/> apart, from an array with <paramref name="rows"/> rows for each outer index.</summary>
        public void Gather(T* from, int rows, int task, T* to)
        {
            var used = Used(task);
            if (used < Lanes)
                new Span<T>(to, checked(rows * Lanes)).Clear();
            if (inner == 1)
                Transposition.Run(from + (long)task * Lanes * rows, rows, to, Lanes, used, rows);
            else
                for (var k = 0; k < rows; k++)
                    new Span<T>(from + At(task, rows) + k * inner, used).CopyTo(new Span<T>(to + (long)k * Lanes, used));
        }

        public void Scatter(T* from, T* to, int rows, int task)
        {
            var used = Used(task);
            if (inner == 1)
                Transposition.Run(from, Lanes, to + (long)task * Lanes * rows, rows, rows, used);
            else
                for (var k = 0; k < rows; k++)
                    new Span<T>(from + (long)k * Lanes, used).CopyTo(new Span<T>(to + At(task, rows) + k * inner, used));
        }

        private int Used(int task) => (int)(inner == 1
            ? Math.Min(Lanes, outer - (long)task * Lanes)
            : Math.Min(Lanes, inner - (long)(task % blocks) * Lanes));

        private long At(int task, int rows) => task / blocks * (rows * inner) + (long)(task % blocks) * Lanes;
    }

    private readonly struct ForwardBody<T>(Layout<T> layout, T* x, T* outRe, T* outIm) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int task)
        {
            int n = layout.N, lanes = layout.Lanes, kept = n / 2 + 1;
            var row = (long)lanes;
            var size = (n + 2) * row;
            using var scratch = Workspace.Rent<T>(2 * size);
            T* a = scratch.As<T>(), zr = a + size, zi = zr + size / 2;
            if (n % 2 == 1)
            {
                using var second = Workspace.Rent<T>(2 * size);
                T* re = second.As<T>(), im = re + size;
                layout.Gather(x, n, task, re);
                new Span<T>(im, checked((int)(n * row))).Clear();
                layout.Plan.Run(re, im, row, re, im, row, lanes);
                layout.Scatter(re, outRe, kept, task);
                layout.Scatter(im, outIm, kept, task);
                return;
            }

            layout.Gather(x, n, task, a);
            if (lanes == 1)
            {
                // One transform reads its points without gaps.
                for (var k = 0; k < n / 2; k++)
                {
                    zr[k] = a[2 * k];
                    zi[k] = a[2 * k + 1];
                }

                layout.Plan.Run(zr, zi, 1, zr, zi, 1, 1);
            }
            else
            {
                layout.Plan.Run(a, a + row, 2 * row, zr, zi, row, lanes);
            }

            fixed (T* roots = layout.Roots)
                Join(zr, zi, roots, n / 2, row, split: false);
            layout.Scatter(zr, outRe, kept, task);
            layout.Scatter(zi, outIm, kept, task);
        }
    }

    private readonly struct InverseBody<T>(Layout<T> layout, T* re, T* im, T* output) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int task)
        {
            int n = layout.N, lanes = layout.Lanes, kept = n / 2 + 1;
            var row = (long)lanes;
            var half = (n % 2 == 0 ? n / 2 + 1 : n) * row;
            using var scratch = Workspace.Rent<T>(2 * half);
            T* zr = scratch.As<T>(), zi = zr + half;
            layout.Gather(re, kept, task, zr);
            layout.Gather(im, kept, task, zi);
            if (n % 2 == 1)
            {
                new Span<T>(zi, lanes).Clear();
                for (var k = 1; k < kept; k++)
                    for (var q = 0; q < lanes; q++)
                    {
                        zr[(n - k) * row + q] = zr[k * row + q];
                        zi[(n - k) * row + q] = -zi[k * row + q];
                    }

                layout.Plan.Run(zi, zr, row, zi, zr, row, lanes);
                layout.Scatter(zr, output, n, task);
                return;
            }

            fixed (T* roots = layout.Roots)
                Join(zr, zi, roots, n / 2, row, split: true);
            using var second = Workspace.Rent<T>(n * row);
            var x = second.As<T>();
            if (lanes == 1)
            {
                layout.Plan.Run(zi, zr, 1, zi, zr, 1, 1);
                for (var k = 0; k < n / 2; k++)
                {
                    x[2 * k] = zr[k];
                    x[2 * k + 1] = zi[k];
                }
            }
            else
            {
                layout.Plan.Run(zi, zr, row, x + row, x, 2 * row, lanes);
            }

            layout.Scatter(x, output, n, task);
        }
    }

    // In place on rows 0..h. Joining: Z[0..h) becomes X[0..h]; splitting: X[0..h] becomes 2 Z[0..h).
    private static void Join<T>(T* zr, T* zi, T* roots, int h, long row, bool split)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long q = 0; q < row; q++)
        {
            // k = 0 and h come from row 0 alone; their imaginary parts are zero, or taken as zero.
            var (a, b) = (zr[q], split ? zr[h * row + q] : zi[q]);
            zr[q] = a + b;
            zi[q] = split ? a - b : T.Zero;
            if (!split)
            {
                zr[h * row + q] = a - b;
                zi[h * row + q] = T.Zero;
            }
        }

        long done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Join<Simd512<T>, T>(zr, zi, roots, h, row, split, done);
        if (Vector256.IsHardwareAccelerated)
            done = Join<Simd256<T>, T>(zr, zi, roots, h, row, split, done);
        done = Join<Simd128<T>, T>(zr, zi, roots, h, row, split, done);
        Join<SimdScalar<T>, T>(zr, zi, roots, h, row, split, done);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Join<V, T>(T* zr, T* zi, T* roots, int h, long row, bool split, long first)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var end = first + (row - first) / V.Count * V.Count;
        if (end == first)
            return end;

        var half = V.Broadcast(split ? T.One : T.CreateTruncating(0.5));
        for (var k = 1; 2 * k <= h; k++)
        {
            // Joining multiplies O by w^k / i, splitting by i w^-k: the same but for the sign of the cosine part.
            V c = V.Broadcast(split ? -roots[2 * k] : roots[2 * k]), s = V.Broadcast(roots[2 * k + 1]);
            for (var q = first; q < end; q += V.Count)
            {
                T* ar = zr + k * row + q, ai = zi + k * row + q, br = zr + (h - k) * row + q, bi = zi + (h - k) * row + q;
                V xr = V.Load(ar), xi = V.Load(ai), yr = V.Load(br), yi = V.Load(bi);
                V er = half * (xr + yr), ei = half * (xi - yi), dr = half * (xr - yr), di = half * (xi + yi);
                V or = V.MultiplyAdd(c, di, s * dr), oi = s * di - c * dr; // (s - i c)(dr + i di)
                (er + or).Store(ar);
                (ei + oi).Store(ai);
                (er - or).Store(br);
                (oi - ei).Store(bi);
            }
        }

        return end;
    }

    private static class RealRoots<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<int, T[]> Tables = new();

        public static T[] For(int n) => Tables.GetOrAdd(n, static n =>
        {
            var table = new T[2 * (n / 4 + 1)];
            for (var k = 0; k <= n / 4; k++)
            {
                var (c, s) = UnitRoot.At(k, n);
                table[2 * k] = T.CreateTruncating(c);
                table[2 * k + 1] = T.CreateTruncating(-s);
            }

            return table;
        });
    }
}
