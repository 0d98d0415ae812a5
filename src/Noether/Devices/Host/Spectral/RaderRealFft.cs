using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>A prime number n of real points: one real cyclic convolution of n - 1 points, after Rader (1968).</summary>
/// <remarks>
/// Algorithm: with g a primitive root and a[p] = x[g^p], X[g^-q] = x[0] + Σ_p a[p] b[q - p], b[q] = w^(g^-q), w = e^(-2πi/n). As g^h = -1 for
///            h = (n - 1)/2, Re b and so the sum's real part have period h, while Im b and the imaginary part change sign after h. One real
///            convolution s of a with f = Re b + Im b therefore holds both: (s[q] ± s[q + h])/2. X[0] is the sum of all points, which the
///            convolution's spectrum has at 0. Back it is the same convolution: x[g^-p] = X[0] + Σ_q u[q] f[p - q], u[q] = Re X[g^q] + Im X[g^q].
/// Pairs:     two neighbours of a make one complex number. With Z the transform of those, m of them, and F that of f, the product of real spectra is
///            A[k] Z[k] + B[k] conj Z[m - k]: A = P - Q sin πk/m, B = i Q cos πk/m, P and Q half the sum and half the difference of F[k] and F[k + m].
/// Sizes:     the convolution has n - 1 points where that is a product of primes up to 13; else at least 2n - 3 of an even smooth number, a
///            padded with zeros and f repeated.
/// Cost:      two complex transforms of half the convolution's length; half of a complex transform by convolution, or less.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class RaderRealFft<T> : OddRealFft<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int n;
    private readonly int[] powers; // g^p
    private readonly int[] results; // g^-q for q < h, or minus its mirror image where that is kept
    private readonly FftPlan<T> plan; // of half the convolution's points
    private readonly int half;
    private readonly T[] factors; // A, then B; each as real parts, then imaginary ones

    public RaderRealFft(int n)
    {
        this.n = n;
        var length = FourierTables.IsSmooth(n - 1) ? n - 1 : FftPlan<T>.Smooth(2L * n - 3);
        half = length / 2;
        plan = FftPlan<T>.For(half);
        powers = FourierTables.Powers(n);
        results = new int[n / 2];
        for (var q = 0; q < n / 2; q++)
        {
            var k = powers[q == 0 ? 0 : n - 1 - q];
            results[q] = k <= n / 2 ? k : k - n;
        }

        factors = Factors(length);
    }

    public override int Size => half;

    public override void Forward(T* x, long xPitch, T* re, T* im, long yPitch, int lanes, T scale)
    {
        var size = (long)half * lanes;
        using var scratch = Workspace.Rent<T>(2 * size);
        T* zr = scratch.As<T>(), zi = zr + size;
        LaneLoop.Over<GatherLoop, T>(new(powers, x, xPitch, zr, zi, lanes), lanes);
        Convolve(zr, zi, lanes, re);
        LaneLoop.Over<SpreadLoop, T>(new(results, zr, zi, lanes, x, re, im, yPitch, scale), lanes);
    }

    public override void Inverse(T* re, T* im, long xPitch, T* y, long yPitch, int lanes, T scale)
    {
        var size = (long)half * lanes;
        using var scratch = Workspace.Rent<T>(2 * size);
        T* zr = scratch.As<T>(), zi = zr + size;
        LaneLoop.Over<FoldLoop, T>(new(results, re, im, xPitch, zr, zi, lanes), lanes);
        Convolve(zr, zi, lanes, y);
        LaneLoop.Over<PlaceLoop, T>(new(powers, zr, zi, lanes, re, y, yPitch, scale), lanes);
    }

    // Even and odd points lie apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Point(T* zr, T* zi, int p, long lanes) => (p % 2 == 0 ? zr : zi) + p / 2 * lanes;

    // In place; sums are those of the points.
    private void Convolve(T* zr, T* zi, int lanes, T* sums)
    {
        long used = n / 2 * (long)lanes, padding = (long)half * lanes - used;
        new Span<T>(zr + used, checked((int)padding)).Clear();
        new Span<T>(zi + used, checked((int)padding)).Clear();
        plan.Run(zr, zi, lanes, zr, zi, lanes, lanes);
        LaneLoop.Over<ProductLoop, T>(new(factors, zr, zi, lanes, sums), lanes);
        plan.Run(zi, zr, lanes, zi, zr, lanes, lanes);
    }

    private T[] Factors(int length)
    {
        double[] even = new double[half + 1], odd = new double[half + 1];
        for (var q = 0; q < n - 1; q++)
        {
            var (c, s) = UnitRoot.At(powers[q == 0 ? 0 : n - 1 - q], n);
            Put(q, (c - s) / half); // the factor of the inverse transform
            if (length > n - 1 && q > 0)
                Put(length - (n - 1) + q, (c - s) / half); // what q - p below 0 reads
        }

        fixed (double* re = even, im = odd)
        {
            FftPlan<double>.For(half).Run(re, im, 1, re, im, 1, 1);
            RealFftJoin.Lanes(re, im, 1, re, im, 1, half, 1, 1.0, split: false);
        }

        var values = new T[4 * half];
        for (var k = 0; k < half; k++)
        {
            var (c, s) = UnitRoot.At(k, length);
            double pr = (even[k] + even[half - k]) / 2, pi = (odd[k] - odd[half - k]) / 2; // F[k + m] = conj F[m - k]
            double qr = (even[k] - even[half - k]) / 2, qi = (odd[k] + odd[half - k]) / 2;
            values[k] = T.CreateTruncating(pr - qr * s);
            values[half + k] = T.CreateTruncating(pi - qi * s);
            values[2 * half + k] = T.CreateTruncating(-qi * c);
            values[3 * half + k] = T.CreateTruncating(qr * c);
        }

        return values;

        void Put(int at, double value) => (at % 2 == 0 ? even : odd)[at / 2] = value;
    }

    // a of points.
    private readonly struct GatherLoop(int[] powers, T* x, long xPitch, T* zr, T* zi, int lanes) : ILaneLoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            var order = powers;
            for (var p = 0; p < order.Length; p++)
            {
                T* from = x + order[p] * xPitch, to = Point(zr, zi, p, lanes);
                for (var q = first; q < end; q += V.Count)
                    V.Load(from + q).Store(to + q);
            }
        }
    }

    // Coefficients of the convolution; the row of re that coefficient 0 goes to holds the sums of the other points.
    private readonly struct SpreadLoop(int[] results, T* zr, T* zi, int lanes, T* x, T* re, T* im, long yPitch, T scale) : ILaneLoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            V factor = V.Broadcast(scale), half = V.Broadcast(T.CreateTruncating(0.5) * scale), minus = V.Broadcast(T.CreateTruncating(-0.5) * scale);
            for (var q = first; q < end; q += V.Count)
            {
                (factor * (V.Load(x + q) + V.Load(re + q))).Store(re + q);
                V.Broadcast(T.Zero).Store(im + q);
            }

            for (var p = 0; p < results.Length; p++)
            {
                T* own = Point(zr, zi, p, lanes), other = Point(zr, zi, p + results.Length, lanes);
                var sign = results[p] > 0 ? half : minus;
                var to = Math.Abs(results[p]) * yPitch;
                for (var q = first; q < end; q += V.Count)
                {
                    V a = V.Load(own + q), b = V.Load(other + q);
                    V.MultiplyAdd(half, a + b, factor * V.Load(x + q)).Store(re + to + q);
                    (sign * (a - b)).Store(im + to + q);
                }
            }
        }
    }

    // The spectrum of pairs times that of f; rows k and m - k go together.
    private readonly struct ProductLoop(T[] factors, T* zr, T* zi, int lanes, T* sums) : ILaneLoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            for (var q = first; q < end; q += V.Count)
                (V.Load(zr + q) + V.Load(zi + q)).Store(sums + q);
            var m = factors.Length / 4;
            long step = lanes;
            fixed (T* ar = factors)
            {
                T* ai = ar + m, br = ai + m, bi = br + m;
                for (var k = 0; 2 * k <= m; k++)
                {
                    var mirror = k == 0 ? 0 : m - k;
                    V ownAr = V.Broadcast(ar[k]), ownAi = V.Broadcast(ai[k]), ownBr = V.Broadcast(br[k]), ownBi = V.Broadcast(bi[k]);
                    V otherAr = V.Broadcast(ar[mirror]), otherAi = V.Broadcast(ai[mirror]), otherBr = V.Broadcast(br[mirror]), otherBi = V.Broadcast(bi[mirror]);
                    T* ownR = zr + k * step, ownI = zi + k * step, otherR = zr + mirror * step, otherI = zi + mirror * step;
                    for (var q = first; q < end; q += V.Count)
                    {
                        V xr = V.Load(ownR + q), xi = V.Load(ownI + q), yr = V.Load(otherR + q), yi = V.Load(otherI + q);
                        (V.MultiplyAdd(ownAr, xr, ownBr * yr) + (ownBi * yi - ownAi * xi)).Store(ownR + q);
                        (V.MultiplyAdd(ownAr, xi, ownAi * xr) + (ownBi * yr - ownBr * yi)).Store(ownI + q);
                        (V.MultiplyAdd(otherAr, yr, otherBr * xr) + (otherBi * xi - otherAi * yi)).Store(otherR + q);
                        (V.MultiplyAdd(otherAr, yi, otherAi * yr) + (otherBi * xr - otherBr * xi)).Store(otherI + q);
                    }
                }
            }
        }
    }

    // u of coefficients.
    private readonly struct FoldLoop(int[] results, T* re, T* im, long xPitch, T* zr, T* zi, int lanes) : ILaneLoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            var h = results.Length;
            for (var p = 0; p < h; p++)
            {
                // g^-p is power 2h - p, its mirror image h earlier.
                T* own = Point(zr, zi, p == 0 ? 0 : 2 * h - p, lanes), other = Point(zr, zi, h - p, lanes);
                var isImage = results[p] < 0;
                T* plus = isImage ? other : own, minus = isImage ? own : other;
                var from = Math.Abs(results[p]) * xPitch;
                for (var q = first; q < end; q += V.Count)
                {
                    V a = V.Load(re + from + q), b = V.Load(im + from + q);
                    (a + b).Store(plus + q);
                    (a - b).Store(minus + q);
                }
            }
        }
    }

    // Points g^-p from the convolution; row 0 of y holds the sums of u.
    private readonly struct PlaceLoop(int[] powers, T* zr, T* zi, int lanes, T* re, T* y, long yPitch, T scale) : ILaneLoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            var factor = V.Broadcast(scale);
            for (var q = first; q < end; q += V.Count)
                (factor * (V.Load(re + q) + V.Load(y + q))).Store(y + q);
            for (var p = 0; p < powers.Length; p++)
            {
                T* from = Point(zr, zi, p, lanes), to = y + powers[p == 0 ? 0 : powers.Length - p] * yPitch;
                for (var q = first; q < end; q += V.Count)
                    (factor * (V.Load(re + q) + V.Load(from + q))).Store(to + q);
            }
        }
    }
}
