using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>The step between the transform Z of h = n/2 complex numbers (even and odd points) and the coefficients X of n real ones.</summary>
/// <remarks>
/// Joining:   X[k] = E[k] + w^k O[k] with E, O = (Z[k] ± conj Z[h - k]) / (2, 2i), w = e^(-2πi/n); rows k and h - k go together.
/// Splitting: the inverse, without its factor 1/2. The imaginary parts of X[0] and X[h] count as zero.
/// Lanes:     several transforms side by side, or one alone, whose rows h - k are read backwards. One alone may not be done in place:
///            its last register overlaps the one before, and row h of its operand is read (and of no consequence).
/// Cost:      some 14 operations a pair of coefficients; all in cache. The factor on the result is free.
/// </remarks>
internal static unsafe class RealFftJoin
{
    /// <summary>Lanes side by side, rows <paramref name="xRow"/> and <paramref name="yRow"/> apart; in place is fine.</summary>
    public static void Lanes<T>(T* xr, T* xi, long xRow, T* yr, T* yi, long yRow, int h, int lanes, T scale, bool split)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long q = 0; q < lanes; q++)
        {
            var (a, b) = (scale * xr[q], scale * (split ? xr[h * xRow + q] : xi[q]));
            yr[q] = a + b;
            yi[q] = split ? a - b : T.Zero;
            if (!split)
            {
                yr[h * yRow + q] = a - b;
                yi[h * yRow + q] = T.Zero;
            }
        }

        fixed (T* roots = Roots<T>(h))
        {
            long done = 0;
            if (Vector512.IsHardwareAccelerated)
                done = Lanes<Simd512<T>, T>(xr, xi, xRow, yr, yi, yRow, roots, h, lanes, scale, split, done);
            if (Vector256.IsHardwareAccelerated)
                done = Lanes<Simd256<T>, T>(xr, xi, xRow, yr, yi, yRow, roots, h, lanes, scale, split, done);
            done = Lanes<Simd128<T>, T>(xr, xi, xRow, yr, yi, yRow, roots, h, lanes, scale, split, done);
            Lanes<SimdScalar<T>, T>(xr, xi, xRow, yr, yi, yRow, roots, h, lanes, scale, split, done);
        }
    }

    /// <summary>One transform: h + 1 numbers in each of the four arrays, of which none may overlap.</summary>
    public static void Row<T>(T* xr, T* xi, T* yr, T* yi, int h, T scale, bool split)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T a = scale * xr[0], b = scale * (split ? xr[h] : xi[0]);
        fixed (T* roots = Roots<T>(h))
        {
            var k = 1;
            if (Vector512.IsHardwareAccelerated)
                k = Row<Simd512<T>, T>(xr, xi, yr, yi, roots, h, scale, split, k);
            if (Vector256.IsHardwareAccelerated)
                k = Row<Simd256<T>, T>(xr, xi, yr, yi, roots, h, scale, split, k);
            k = Row<Simd128<T>, T>(xr, xi, yr, yi, roots, h, scale, split, k);
            Row<SimdScalar<T>, T>(xr, xi, yr, yi, roots, h, scale, split, k);
        }

        // Last: a register may have run over both ends.
        yr[0] = a + b;
        yi[0] = split ? a - b : T.Zero;
        if (!split)
        {
            yr[h] = a - b;
            yi[h] = T.Zero;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Lanes<V, T>(
        T* xr, T* xi, long xRow, T* yr, T* yi, long yRow, T* roots, int h, int lanes, T scale, bool split, long first)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var end = first + (lanes - first) / V.Count * V.Count;
        if (end == first)
            return end;

        var half = V.Broadcast(split ? scale : T.CreateTruncating(0.5) * scale);
        var sines = roots + Padded<T>(h);
        for (var k = 1; 2 * k <= h; k++)
        {
            V c = V.Broadcast(split ? -roots[k] : roots[k]), s = V.Broadcast(sines[k]);
            T* ar = xr + k * xRow, ai = xi + k * xRow, br = xr + (h - k) * xRow, bi = xi + (h - k) * xRow;
            T* toAr = yr + k * yRow, toAi = yi + k * yRow, toBr = yr + (h - k) * yRow, toBi = yi + (h - k) * yRow;
            for (var q = first; q < end; q += V.Count)
            {
                Pair<V, T>(V.Load(ar + q), V.Load(ai + q), V.Load(br + q), V.Load(bi + q), c, s, half, out var pr, out var pi, out var mr, out var mi);
                pr.Store(toAr + q);
                pi.Store(toAi + q);
                mr.Store(toBr + q);
                mi.Store(toBi + q);
            }
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Row<V, T>(T* xr, T* xi, T* yr, T* yi, T* roots, int h, T scale, bool split, int k)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        V half = V.Broadcast(split ? scale : T.CreateTruncating(0.5) * scale), sign = V.Broadcast(split ? -T.One : T.One);
        var sines = roots + Padded<T>(h);
        for (; 2 * k <= h && k + V.Count - 1 <= h; k += V.Count)
        {
            var back = h - k - V.Count + 1;
            V br = V.Reverse(V.Load(xr + back)), bi = V.Reverse(V.Load(xi + back)), c = V.Load(roots + k) * sign;
            Pair<V, T>(V.Load(xr + k), V.Load(xi + k), br, bi, c, V.Load(sines + k), half, out var pr, out var pi, out var mr, out var mi);
            pr.Store(yr + k);
            pi.Store(yi + k);
            V.Reverse(mr).Store(yr + back);
            V.Reverse(mi).Store(yi + back);
        }

        return k;
    }

    // Joining multiplies O by w^k / i = s - i c, splitting by i w^-k: the same but for the sign of c.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<V, T>(V xr, V xi, V yr, V yi, V c, V s, V half, out V pr, out V pi, out V mr, out V mi)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        V er = half * (xr + yr), ei = half * (xi - yi), dr = half * (xr - yr), di = half * (xi + yi);
        V or = V.MultiplyAdd(c, di, s * dr), oi = s * di - c * dr; // (s - i c)(dr + i di)
        pr = er + or;
        pi = ei + oi;
        mr = er - or;
        mi = oi - ei;
    }

    // cos and -sin of 2πk/n for k in 0..h/2, and on to the end of a register.
    private static T[] Roots<T>(int h)
        where T : unmanaged, IFloatingPointIeee754<T> => Tables<T>.Known.GetOrAdd(h, static h =>
    {
        var size = Padded<T>(h);
        var table = new T[2 * size];
        for (var k = 0; k < size; k++)
        {
            var (c, s) = UnitRoot.At(k % (2 * h), 2 * h);
            table[k] = T.CreateTruncating(c);
            table[size + k] = T.CreateTruncating(-s);
        }

        return table;
    });

    private static int Padded<T>(int h)
        where T : unmanaged => h / 2 + 1 + 64 / sizeof(T);

    private static class Tables<T>
        where T : unmanaged
    {
        public static readonly ConcurrentDictionary<int, T[]> Known = new();
    }
}
