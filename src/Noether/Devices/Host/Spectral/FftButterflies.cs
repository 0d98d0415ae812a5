using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>Where a butterfly's twiddle factors come from.</summary>
internal unsafe interface IFftTwiddles
{
    /// <summary>All factors are 1: the last pass.</summary>
    static abstract bool AreOne { get; }

    /// <summary>All factors, that of output 0 too, are one real number.</summary>
    static abstract bool AreScale { get; }

    static abstract V At<V, T>(T* w)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>One factor for all lanes: the lanes are different transforms, or the same position in different subsequences.</summary>
internal readonly unsafe struct SharedTwiddles : IFftTwiddles
{
    public static bool AreOne => false;

    public static bool AreScale => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V, T>(T* w)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T> => V.Broadcast(*w);
}

/// <summary>A factor for each lane: the lanes are neighbouring positions of one transform.</summary>
internal readonly unsafe struct OwnTwiddles : IFftTwiddles
{
    public static bool AreOne => false;

    public static bool AreScale => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V, T>(T* w)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T> => V.Load(w);
}

/// <summary>No factors.</summary>
internal readonly unsafe struct NoTwiddles : IFftTwiddles
{
    public static bool AreOne => true;

    public static bool AreScale => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V, T>(T* w)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T> => V.Broadcast(T.One);
}

/// <summary>One real factor for every output: the last pass of a scaled transform.</summary>
internal readonly unsafe struct OneScale : IFftTwiddles
{
    public static bool AreOne => false;

    public static bool AreScale => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V, T>(T* w)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T> => V.Broadcast(*w);
}

/// <summary>
/// A discrete Fourier transform of a few points, e^(-2πi jt/r), one in each lane: reads x[t · xStep], multiplies output j by twiddle
/// factor w[(j - 1) · wStep] and writes y[j · yStep].
/// </summary>
internal unsafe interface IFftButterfly
{
    static abstract int Radix { get; }

    static abstract void Run<V, T, W>(T* xr, T* xi, long xStep, T* yr, T* yi, long yStep, T* wr, T* wi, long wStep)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles;
}

/// <summary>The end of every butterfly.</summary>
internal static unsafe class FftOutput
{
    /// <summary>Output 0, which no twiddle factor turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void First<V, T, W>(V re, V im, T* yr, T* yi, T* wr, T* wi)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        if (W.AreScale)
            Put<V, T, W>(re, im, yr, yi, wr, wi);
        else
            Put<V, T, NoTwiddles>(re, im, yr, yi, wr, wi);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V, T, W>(V re, V im, T* yr, T* yi, T* wr, T* wi)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        if (W.AreOne)
        {
            re.Store(yr);
            im.Store(yi);
            return;
        }

        if (W.AreScale)
        {
            var scale = W.At<V, T>(wr);
            (re * scale).Store(yr);
            (im * scale).Store(yi);
            return;
        }

        V c = W.At<V, T>(wr), s = W.At<V, T>(wi);
        (re * c - im * s).Store(yr);
        V.MultiplyAdd(re, s, im * c).Store(yi);
    }
}

/// <summary>Two points.</summary>
internal readonly unsafe struct Radix2 : IFftButterfly
{
    public static int Radix => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V, T, W>(T* xr, T* xi, long xStep, T* yr, T* yi, long yStep, T* wr, T* wi, long wStep)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        V ar = V.Load(xr), ai = V.Load(xi), br = V.Load(xr + xStep), bi = V.Load(xi + xStep);
        FftOutput.First<V, T, W>(ar + br, ai + bi, yr, yi, wr, wi);
        FftOutput.Put<V, T, W>(ar - br, ai - bi, yr + yStep, yi + yStep, wr, wi);
    }
}

/// <summary>Three points: 2 multiplications.</summary>
internal readonly unsafe struct Radix3 : IFftButterfly
{
    public static int Radix => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V, T, W>(T* xr, T* xi, long xStep, T* yr, T* yi, long yStep, T* wr, T* wi, long wStep)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        var half = V.Broadcast(T.CreateTruncating(-0.5));
        var root = V.Broadcast(T.CreateTruncating(0.86602540378443864676)); // sin 2π/3
        V ar = V.Load(xr), ai = V.Load(xi), br = V.Load(xr + xStep), bi = V.Load(xi + xStep);
        V cr = V.Load(xr + 2 * xStep), ci = V.Load(xi + 2 * xStep);
        V sr = br + cr, si = bi + ci;
        V mr = V.MultiplyAdd(half, sr, ar), mi = V.MultiplyAdd(half, si, ai);
        V dr = root * (bi - ci), di = root * (cr - br); // -i sin (b - c)
        FftOutput.First<V, T, W>(ar + sr, ai + si, yr, yi, wr, wi);
        FftOutput.Put<V, T, W>(mr + dr, mi + di, yr + yStep, yi + yStep, wr, wi);
        FftOutput.Put<V, T, W>(mr - dr, mi - di, yr + 2 * yStep, yi + 2 * yStep, wr + wStep, wi + wStep);
    }
}

/// <summary>Four points: no multiplication.</summary>
internal readonly unsafe struct Radix4 : IFftButterfly
{
    public static int Radix => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V, T, W>(T* xr, T* xi, long xStep, T* yr, T* yi, long yStep, T* wr, T* wi, long wStep)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        V ar = V.Load(xr), ai = V.Load(xi), br = V.Load(xr + xStep), bi = V.Load(xi + xStep);
        V cr = V.Load(xr + 2 * xStep), ci = V.Load(xi + 2 * xStep), dr = V.Load(xr + 3 * xStep), di = V.Load(xi + 3 * xStep);
        V er = ar + cr, ei = ai + ci, fr = ar - cr, fi = ai - ci;
        V gr = br + dr, gi = bi + di, hr = br - dr, hi = bi - di;
        FftOutput.First<V, T, W>(er + gr, ei + gi, yr, yi, wr, wi);
        FftOutput.Put<V, T, W>(fr + hi, fi - hr, yr + yStep, yi + yStep, wr, wi);
        FftOutput.Put<V, T, W>(er - gr, ei - gi, yr + 2 * yStep, yi + 2 * yStep, wr + wStep, wi + wStep);
        FftOutput.Put<V, T, W>(fr - hi, fi + hr, yr + 3 * yStep, yi + 3 * yStep, wr + 2 * wStep, wi + 2 * wStep);
    }
}

/// <summary>Five points: 4 distinct constants, 16 multiplications.</summary>
internal readonly unsafe struct Radix5 : IFftButterfly
{
    public static int Radix => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V, T, W>(T* xr, T* xi, long xStep, T* yr, T* yi, long yStep, T* wr, T* wi, long wStep)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        var c1 = V.Broadcast(T.CreateTruncating(0.30901699437494742410)); // cos 2π/5
        var c2 = V.Broadcast(T.CreateTruncating(-0.80901699437494742410)); // cos 4π/5
        var s1 = V.Broadcast(T.CreateTruncating(0.95105651629515357212)); // sin 2π/5
        var s2 = V.Broadcast(T.CreateTruncating(0.58778525229247312917)); // sin 4π/5
        V ar = V.Load(xr), ai = V.Load(xi), br = V.Load(xr + xStep), bi = V.Load(xi + xStep);
        V cr = V.Load(xr + 2 * xStep), ci = V.Load(xi + 2 * xStep), dr = V.Load(xr + 3 * xStep), di = V.Load(xi + 3 * xStep);
        V er = V.Load(xr + 4 * xStep), ei = V.Load(xi + 4 * xStep);
        V pr = br + er, pi = bi + ei, qr = cr + dr, qi = ci + di; // sums of opposite points
        V ur = br - er, ui = bi - ei, vr = cr - dr, vi = ci - di; // their differences
        FftOutput.First<V, T, W>(ar + pr + qr, ai + pi + qi, yr, yi, wr, wi);
        V mr = V.MultiplyAdd(c1, pr, V.MultiplyAdd(c2, qr, ar)), mi = V.MultiplyAdd(c1, pi, V.MultiplyAdd(c2, qi, ai));
        V nr = V.MultiplyAdd(s1, ui, s2 * vi), ni = V.MultiplyAdd(s1, ur, s2 * vr);
        FftOutput.Put<V, T, W>(mr + nr, mi - ni, yr + yStep, yi + yStep, wr, wi);
        FftOutput.Put<V, T, W>(mr - nr, mi + ni, yr + 4 * yStep, yi + 4 * yStep, wr + 3 * wStep, wi + 3 * wStep);
        mr = V.MultiplyAdd(c2, pr, V.MultiplyAdd(c1, qr, ar));
        mi = V.MultiplyAdd(c2, pi, V.MultiplyAdd(c1, qi, ai));
        nr = s2 * ui - s1 * vi;
        ni = s2 * ur - s1 * vr;
        FftOutput.Put<V, T, W>(mr + nr, mi - ni, yr + 2 * yStep, yi + 2 * yStep, wr + wStep, wi + wStep);
        FftOutput.Put<V, T, W>(mr - nr, mi + ni, yr + 3 * yStep, yi + 3 * yStep, wr + 2 * wStep, wi + 2 * wStep);
    }
}

/// <summary>Eight points: two of four, and 4 multiplications by sqrt 1/2.</summary>
internal readonly unsafe struct Radix8 : IFftButterfly
{
    public static int Radix => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V, T, W>(T* xr, T* xi, long xStep, T* yr, T* yi, long yStep, T* wr, T* wi, long wStep)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        var root = V.Broadcast(T.CreateTruncating(0.70710678118654752440));

        // Even outputs: four points of x[t] + x[t + 4].
        V ar = V.Load(xr), ai = V.Load(xi), br = V.Load(xr + 4 * xStep), bi = V.Load(xi + 4 * xStep);
        V p0r = ar + br, p0i = ai + bi, m0r = ar - br, m0i = ai - bi;
        ar = V.Load(xr + xStep);
        ai = V.Load(xi + xStep);
        br = V.Load(xr + 5 * xStep);
        bi = V.Load(xi + 5 * xStep);
        V p1r = ar + br, p1i = ai + bi, m1r = ar - br, m1i = ai - bi;
        ar = V.Load(xr + 2 * xStep);
        ai = V.Load(xi + 2 * xStep);
        br = V.Load(xr + 6 * xStep);
        bi = V.Load(xi + 6 * xStep);
        V p2r = ar + br, p2i = ai + bi, m2r = ar - br, m2i = ai - bi;
        ar = V.Load(xr + 3 * xStep);
        ai = V.Load(xi + 3 * xStep);
        br = V.Load(xr + 7 * xStep);
        bi = V.Load(xi + 7 * xStep);
        V p3r = ar + br, p3i = ai + bi, m3r = ar - br, m3i = ai - bi;

        V er = p0r + p2r, ei = p0i + p2i, fr = p0r - p2r, fi = p0i - p2i;
        V gr = p1r + p3r, gi = p1i + p3i, hr = p1r - p3r, hi = p1i - p3i;
        FftOutput.First<V, T, W>(er + gr, ei + gi, yr, yi, wr, wi);
        FftOutput.Put<V, T, W>(fr + hi, fi - hr, yr + 2 * yStep, yi + 2 * yStep, wr + wStep, wi + wStep);
        FftOutput.Put<V, T, W>(er - gr, ei - gi, yr + 4 * yStep, yi + 4 * yStep, wr + 3 * wStep, wi + 3 * wStep);
        FftOutput.Put<V, T, W>(fr - hi, fi + hr, yr + 6 * yStep, yi + 6 * yStep, wr + 5 * wStep, wi + 5 * wStep);

        // Odd outputs: four points of (x[t] - x[t + 4]) e^(-2πi t/8).
        V n1r = root * (m1r + m1i), n1i = root * (m1i - m1r);
        V n3r = root * (m3i - m3r), n3i = root * (m3r + m3i); // the negative of its imaginary part
        er = m0r + m2i;
        ei = m0i - m2r;
        fr = m0r - m2i;
        fi = m0i + m2r;
        gr = n1r + n3r;
        gi = n1i - n3i;
        hr = n1r - n3r;
        hi = n1i + n3i;
        FftOutput.Put<V, T, W>(er + gr, ei + gi, yr + yStep, yi + yStep, wr, wi);
        FftOutput.Put<V, T, W>(fr + hi, fi - hr, yr + 3 * yStep, yi + 3 * yStep, wr + 2 * wStep, wi + 2 * wStep);
        FftOutput.Put<V, T, W>(er - gr, ei - gi, yr + 5 * yStep, yi + 5 * yStep, wr + 4 * wStep, wi + 4 * wStep);
        FftOutput.Put<V, T, W>(fr - hi, fi + hr, yr + 7 * yStep, yi + 7 * yStep, wr + 6 * wStep, wi + 6 * wStep);
    }
}

/// <summary>A number as a type argument.</summary>
internal interface IRadix
{
    static abstract int Value { get; }
}

internal readonly struct Seven : IRadix
{
    public static int Value => 7;
}

internal readonly struct Eleven : IRadix
{
    public static int Value => 11;
}

internal readonly struct Thirteen : IRadix
{
    public static int Value => 13;
}

/// <summary>An odd prime number of points, by the definition with opposite points folded: (r - 1)² multiplications.</summary>
internal readonly unsafe struct RadixOdd<R> : IFftButterfly
    where R : struct, IRadix
{
    public static int Radix => R.Value;

    public static void Run<V, T, W>(T* xr, T* xi, long xStep, T* yr, T* yi, long yStep, T* wr, T* wi, long wStep)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        var half = R.Value / 2;
        var fold = stackalloc T[4 * half * V.Count]; // for each t in 1..half: sum re, sum im, difference re, difference im
        V ar = V.Load(xr), ai = V.Load(xi), totalR = ar, totalI = ai;
        for (var t = 1; t <= half; t++)
        {
            V br = V.Load(xr + t * xStep), bi = V.Load(xi + t * xStep);
            V cr = V.Load(xr + (R.Value - t) * xStep), ci = V.Load(xi + (R.Value - t) * xStep);
            var to = fold + 4 * (t - 1) * V.Count;
            (br + cr).Store(to);
            (bi + ci).Store(to + V.Count);
            (br - cr).Store(to + 2 * V.Count);
            (bi - ci).Store(to + 3 * V.Count);
            totalR += br + cr;
            totalI += bi + ci;
        }

        FftOutput.First<V, T, W>(totalR, totalI, yr, yi, wr, wi);
        var cosines = FftRoots<T, R>.Cosines;
        var sines = FftRoots<T, R>.Sines;
        for (var j = 1; j <= half; j++)
        {
            V mr = ar, mi = ai, nr = V.Broadcast(T.Zero), ni = nr;
            for (int t = 1, k = j; t <= half; t++)
            {
                var from = fold + 4 * (t - 1) * V.Count;
                V c = V.Broadcast(cosines[k]), s = V.Broadcast(sines[k]);
                mr = V.MultiplyAdd(c, V.Load(from), mr);
                mi = V.MultiplyAdd(c, V.Load(from + V.Count), mi);
                nr = V.MultiplyAdd(s, V.Load(from + 3 * V.Count), nr);
                ni = V.MultiplyAdd(s, V.Load(from + 2 * V.Count), ni);
                k += j;
                if (k >= R.Value)
                    k -= R.Value;
            }

            var o = R.Value - j;
            FftOutput.Put<V, T, W>(mr + nr, mi - ni, yr + j * yStep, yi + j * yStep, wr + (j - 1) * wStep, wi + (j - 1) * wStep);
            FftOutput.Put<V, T, W>(mr - nr, mi + ni, yr + o * yStep, yi + o * yStep, wr + (o - 1) * wStep, wi + (o - 1) * wStep);
        }
    }
}

/// <summary>cos and sin of 2πk/r.</summary>
internal static class FftRoots<T, R>
    where T : unmanaged, IFloatingPointIeee754<T>
    where R : struct, IRadix
{
    public static readonly T[] Cosines = [.. Enumerable.Range(0, R.Value).Select(k => T.CreateTruncating(UnitRoot.At(k, R.Value).Cosine))];

    public static readonly T[] Sines = [.. Enumerable.Range(0, R.Value).Select(k => T.CreateTruncating(UnitRoot.At(k, R.Value).Sine))];
}
