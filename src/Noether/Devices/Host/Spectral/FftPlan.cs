using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>How to transform n points: the passes and their twiddle factors, or Bluestein's way round for large prime factors.</summary>
/// <remarks>
/// Algorithm: Stockham's self-sorting passes, decimation in frequency. Before a pass with radix r the data are s interleaved sequences of
///            r·m points, afterwards r·s of m: y[q + s(r p + j)] = w^(pj) Σ_t x[q + s(p + m t)] e^(-2πi jt/r), w = e^(-2πi/(r m)).
///            The loop over q is contiguous. It starts at s = the number of transforms that go together (the lanes), so that with enough
///            of them every pass runs in full registers for every n; a single transform has its first pass vectorised over p.
/// Radices:   8 as often as possible, then 4, 2, 5, 3, 7, 11, 13. A larger prime factor sends all n points through Bluestein (1970): a
///            convolution with a chirp, by three transforms of a 5-smooth length of at least 2n - 1.
/// Cost:      about 5 n log2 n operations, one sweep of the data a pass. Twiddles are computed in float64, n of them in all.
/// </remarks>
internal sealed unsafe class FftPlan<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly ConcurrentDictionary<int, FftPlan<T>> Plans = new();

    private readonly int n;
    private readonly int[] radices;
    private readonly T*[] twiddles; // for each pass: real parts [r - 1, m], imaginary parts [r - 1, m]
    private readonly Bluestein? chirp;
    private readonly List<T[]> pinned = [];

    private FftPlan(int n)
    {
        this.n = n;
        var factors = new List<int>();
        var rest = n;
        var twos = BitOperations.TrailingZeroCount(n);
        rest >>= twos;
        for (; twos >= 5 || twos == 3; twos -= 3)
            factors.Add(8);
        for (; twos >= 2; twos -= 2)
            factors.Add(4);
        if (twos == 1)
            factors.Add(2);
        foreach (var prime in (int[])[5, 3, 7, 11, 13])
            for (; rest % prime == 0; rest /= prime)
                factors.Add(prime);

        if (rest > 1)
        {
            radices = [];
            twiddles = [];
            chirp = new Bluestein(n);
            return;
        }

        radices = [.. factors];
        twiddles = new T*[radices.Length];
        for (int pass = 0, points = n; pass < radices.Length; points /= radices[pass++])
            twiddles[pass] = Twiddles(radices[pass], points);
    }

    /// <summary>Points the passes work on: n, or the padded length of Bluestein's convolution.</summary>
    public int Size => chirp?.Plan.n ?? n;

    /// <summary>The plan for n points, made at most once.</summary>
    public static FftPlan<T> For(int n) => Plans.GetOrAdd(n, static n => new FftPlan<T>(n));

    /// <summary>The least 2^a 3^b 5^c, a >= 3, that is not below.</summary>
    public static int Smooth(long least)
    {
        var best = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(8, least));
        for (long fives = 1; fives < best; fives *= 5)
            for (var threes = fives; threes < best; threes *= 3)
            {
                var candidate = threes * 8;
                while (candidate < least)
                    candidate *= 2;
                best = Math.Min(best, candidate);
            }

        return checked((int)best);
    }

    /// <summary>
    /// The forward transform of <paramref name="lanes"/> sequences side by side: point k of lane q at x[k · xPitch + q], result at
    /// y[k · yPitch + q]. In place (x = y with equal pitches) is fine. Exchange real and imaginary parts on both sides for the inverse.
    /// </summary>
    public void Run(T* xr, T* xi, long xPitch, T* yr, T* yi, long yPitch, int lanes) => Run(xr, xi, xPitch, yr, yi, yPitch, lanes, T.One);

    /// <summary>The same times <paramref name="scale"/>.</summary>
    public void Run(T* xr, T* xi, long xPitch, T* yr, T* yi, long yPitch, int lanes, T scale)
    {
        if (chirp is not null || radices.Length == 0)
        {
            if (chirp is not null)
                chirp.Run(xr, xi, xPitch, yr, yi, yPitch, n, lanes);
            else
                Copy(xr, xi, xPitch, yr, yi, yPitch, lanes);
            for (var k = 0; scale != T.One && k < n; k++)
                FftPass.Scale(yr + k * yPitch, yi + k * yPitch, scale, T.Zero, yr + k * yPitch, yi + k * yPitch, lanes);
            return;
        }

        var size = (long)n * lanes;
        using var scratch = Workspace.Rent<T>(radices.Length > 1 ? 4 * size : 0);
        T* ar = scratch.As<T>(), ai = ar + size, br = ai + size, bi = br + size;
        var s = (long)lanes;
        for (int pass = 0, points = n; pass < radices.Length; pass++)
        {
            var r = radices[pass];
            var m = points / r;
            var w = twiddles[pass];
            var step = new Step<T>
            {
                Count = m,
                Width = s,
                Xr = xr,
                Xi = xi,
                XNext = xPitch,
                XStep = xPitch * m,
                Yr = ar,
                Yi = ai,
                YNext = s * r,
                YStep = s,
                Wr = w,
                Wi = w + (long)(r - 1) * m,
                WStep = m,
            };
            if (pass == radices.Length - 1)
            {
                // Each of the n / r groups of lanes goes to its own row of y; rows that lie gapless are one.
                var dense = yPitch == lanes && (pass > 0 || xPitch == lanes);
                step.Count = dense ? 1 : n / r;
                step.Width = dense ? s : lanes;
                step.XNext = pass == 0 ? xPitch : lanes;
                step.XStep = step.XNext * (n / r);
                step.Yr = yr;
                step.Yi = yi;
                step.YNext = yPitch;
                step.YStep = yPitch * (n / r);
                step.Scale = scale;
            }

            FftPass.Run(step, r, last: pass == radices.Length - 1);
            xr = ar; // what was written is read next, into the other half of the scratch
            xi = ai;
            ar = br;
            ai = bi;
            br = xr;
            bi = xi;
            points = m;
            s *= r;
            xPitch = s;
        }
    }

    private void Copy(T* xr, T* xi, long xPitch, T* yr, T* yi, long yPitch, int lanes)
    {
        for (var k = 0; k < n; k++)
        {
            new Span<T>(xr + k * xPitch, lanes).CopyTo(new Span<T>(yr + k * yPitch, lanes));
            new Span<T>(xi + k * xPitch, lanes).CopyTo(new Span<T>(yi + k * yPitch, lanes));
        }
    }

    private T* Twiddles(int r, int points)
    {
        var m = points / r;
        var table = GC.AllocateUninitializedArray<T>(2 * (r - 1) * m, pinned: true);
        pinned.Add(table);
        for (var j = 1; j < r; j++)
            for (var p = 0; p < m; p++)
            {
                var (c, s) = UnitRoot.At((long)p * j, points);
                table[(j - 1) * m + p] = T.CreateTruncating(c);
                table[(r - 1 + j - 1) * m + p] = T.CreateTruncating(-s);
            }

        return (T*)Unsafe.AsPointer(ref table[0]);
    }

    // With kt = (k² + t² - (k - t)²)/2: X[k] = c[k] Σ_t (x[t] c[t]) conj c[k - t], c[t] = e^(-πi t²/n).
    private sealed class Bluestein
    {
        private readonly T[] chirpR;
        private readonly T[] chirpI;
        private readonly T[] filterR;
        private readonly T[] filterI;

        public Bluestein(int n)
        {
            var size = Smooth(2L * n - 1);
            Plan = For(size);
            chirpR = new T[n];
            chirpI = new T[n];
            filterR = new T[size];
            filterI = new T[size];
            var scale = 1.0 / size; // of the inverse transform
            for (long t = 0; t < n; t++)
            {
                var (c, s) = UnitRoot.At(t * t % (2L * n), 2L * n);
                chirpR[t] = T.CreateTruncating(c);
                chirpI[t] = T.CreateTruncating(-s);
                filterR[t] = filterR[(size - t) % size] = T.CreateTruncating(c * scale);
                filterI[t] = filterI[(size - t) % size] = T.CreateTruncating(s * scale);
            }

            fixed (T* re = filterR, im = filterI)
                Plan.Run(re, im, 1, re, im, 1, 1);
        }

        public FftPlan<T> Plan { get; }

        public void Run(T* xr, T* xi, long xPitch, T* yr, T* yi, long yPitch, int n, int lanes)
        {
            var size = (long)Plan.n * lanes;
            using var scratch = Workspace.Rent<T>(2 * size);
            T* zr = scratch.As<T>(), zi = zr + size;
            FftPass.Multiply(chirpR, chirpI, xr, xi, xPitch, zr, zi, lanes, lanes);
            new Span<T>(zr + (long)n * lanes, checked((int)(size - (long)n * lanes))).Clear();
            new Span<T>(zi + (long)n * lanes, checked((int)(size - (long)n * lanes))).Clear();
            Plan.Run(zr, zi, lanes, zr, zi, lanes, lanes);
            FftPass.Multiply(filterR, filterI, zr, zi, lanes, zr, zi, lanes, lanes);
            Plan.Run(zi, zr, lanes, zi, zr, lanes, lanes);
            FftPass.Multiply(chirpR, chirpI, zr, zi, lanes, yr, yi, yPitch, lanes);
        }
    }
}
