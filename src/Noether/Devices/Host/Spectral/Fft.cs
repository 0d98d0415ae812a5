using System.Numerics;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Complex transforms of every length along the middle axis of [outer, n, inner], real and imaginary parts apart.</summary>
/// <remarks>
/// Several transforms go side by side in the lanes of <see cref="FftPlan{T}"/>: neighbours along the inner axis where there is one, read
/// and written in place; else neighbouring rows, turned round into scratch of at most half of L2 and back. Rows that are long
/// (4 MiB of scratch for one register of them) or few go one by one.
/// Parallel over bundles of lanes; the result does not depend on the number of threads.
/// </remarks>
internal static unsafe class Fft
{
    internal const long BundleBytes = 512 << 10;
    private const long LongBytes = 4 << 20;
    private const int MostLanes = 64;

    // Elements below which one thread is done before another wakes.
    private const long WorthSharing = 8192;

    /// <summary>
    /// out[o, k, i] = scale Σ_t x[o, t, i] e^(∓2πi kt/n), minus for the forward transform; times scale. May be done in place; no other
    /// overlap. <paramref name="outer"/> · <paramref name="n"/> · <paramref name="inner"/> elements on either side.
    /// </summary>
    public static void Transform<T>(T* re, T* im, T* outRe, T* outIm, int n, long outer, long inner, bool inverse, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n <= 0 || outer <= 0 || inner <= 0)
            return;
        if (inverse)
        {
            // With S the exchange of the parts, S(z) = i conj z, the inverse is S F S.
            Transform(im, re, outIm, outRe, n, outer, inner, inverse: false, scale);
            return;
        }

        var plan = FftPlan<T>.For(n);
        if (inner == 1)
        {
            var lanes = RowLanes<T>(plan.Size, outer);
            Share(Blocks(outer, lanes), n * outer, new Rows<T>(plan, re, im, outRe, outIm, n, outer, lanes, scale));
        }
        else
        {
            var lanes = Lanes<T>(plan.Size, inner);
            var blocks = Blocks(inner, lanes);
            Share(checked((int)(outer * blocks)), n * outer * inner, new Columns<T>(plan, re, im, outRe, outIm, n, inner, lanes, blocks, scale));
        }
    }

    /// <summary>Lanes for transforms along columns: a cache's worth, in whole registers.</summary>
    internal static int Lanes<T>(int size, long available)
        where T : unmanaged
    {
        var register = Width<T>();
        var most = (int)Math.Clamp(BundleBytes / (4L * size * sizeof(T)), register, MostLanes) / register * register;
        return (int)Math.Min(most, available);
    }

    /// <summary>The same for rows: 1 where bundles do not pay.</summary>
    internal static int RowLanes<T>(int size, long available)
        where T : unmanaged
    {
        var narrow = 16 / sizeof(T);
        if (size % 8 == 0 && size >= 256)
            return 1; // after a first pass with radix 8 one row alone fills registers, and turning rows round costs more than that pass
        if (available <= narrow / 2 || 4L * size * Width<T>() * sizeof(T) > LongBytes)
            return 1;
        return (Lanes<T>(size, available) + narrow - 1) / narrow * narrow;
    }

    internal static int Blocks(long count, int each) => checked((int)((count + each - 1) / each));

    internal static void Share<TBody>(int count, long elements, TBody body)
        where TBody : struct, IParallelBody
    {
        if (elements >= WorthSharing)
            WorkerPool.Shared.For(count, body);
        else
            for (var i = 0; i < count; i++)
                body.Invoke(i);
    }

    private static int Width<T>()
        where T : unmanaged =>
        (Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16) / sizeof(T);

    private readonly struct Rows<T>(FftPlan<T> plan, T* re, T* im, T* outRe, T* outIm, int n, long outer, int lanes, T scale) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            var first = (long)index * lanes;
            var at = first * n;
            if (lanes == 1)
            {
                plan.Run(re + at, im + at, 1, outRe + at, outIm + at, 1, 1, scale);
                return;
            }

            var rows = (int)Math.Min(lanes, outer - first);
            var size = (long)n * lanes;
            using var scratch = Workspace.Rent<T>(2 * size);
            T* xr = scratch.As<T>(), xi = xr + size;
            if (rows < lanes)
                new Span<T>(xr, checked((int)(2 * size))).Clear(); // lanes without a row: numbers that cost nothing
            Transposition.Run(re + at, n, xr, lanes, rows, n);
            Transposition.Run(im + at, n, xi, lanes, rows, n);
            plan.Run(xr, xi, lanes, xr, xi, lanes, lanes, scale);
            Transposition.Run(xr, lanes, outRe + at, n, n, rows);
            Transposition.Run(xi, lanes, outIm + at, n, n, rows);
        }
    }

    private readonly struct Columns<T>(FftPlan<T> plan, T* re, T* im, T* outRe, T* outIm, int n, long inner, int lanes, int blocks, T scale) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            var first = (long)(index % blocks) * lanes;
            var at = index / blocks * n * inner + first;
            var used = (int)Math.Min(lanes, inner - first);
            if (used < 16 / sizeof(T))
            {
                for (var q = 0; q < used; q++)
                    Alone(at + q);
                return;
            }

            plan.Run(re + at, im + at, inner, outRe + at, outIm + at, inner, used, scale);
        }

        // Too few columns for a register: each goes as a row, which fills registers along its points.
        private void Alone(long at)
        {
            using var scratch = Workspace.Rent<T>(2L * n);
            T* xr = scratch.As<T>(), xi = xr + n;
            for (var k = 0; k < n; k++)
            {
                xr[k] = re[at + k * inner];
                xi[k] = im[at + k * inner];
            }

            plan.Run(xr, xi, 1, xr, xi, 1, 1, scale);
            for (var k = 0; k < n; k++)
            {
                outRe[at + k * inner] = xr[k];
                outIm[at + k * inner] = xi[k];
            }
        }
    }
}
