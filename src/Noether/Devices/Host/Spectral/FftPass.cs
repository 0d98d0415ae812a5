using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>One pass of a transform: butterflies for p below <see cref="Count"/> and q below <see cref="Width"/>.</summary>
/// <remarks>Butterfly (p, q) reads X[p · XNext + q + t · XStep] and writes Y[p · YNext + q + j · YStep], with twiddle factors W[(j - 1) · WStep + p].</remarks>
internal unsafe struct Step<T>
    where T : unmanaged
{
    public long Count, Width, XNext, XStep, YNext, YStep, WStep;
    public T* Xr, Xi, Yr, Yi, Wr, Wi;
    public T Scale; // of the last pass, which has no twiddle factors
}

/// <summary>The loops around the butterflies.</summary>
/// <remarks>
/// Along q the widest registers that fit, then narrower ones, at last single numbers. A pass of width 1 over contiguous input goes along
/// p instead, and its outputs, r registers side by side, are turned round in L1 on their way to memory.
/// </remarks>
internal static unsafe class FftPass
{
    public static void Run<T>(in Step<T> step, int radix, bool last)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (radix)
        {
            case 2: Run<Radix2, T>(step, last); break;
            case 3: Run<Radix3, T>(step, last); break;
            case 4: Run<Radix4, T>(step, last); break;
            case 5: Run<Radix5, T>(step, last); break;
            case 7: Run<RadixOdd<Seven>, T>(step, last); break;
            case 8: Run<Radix8, T>(step, last); break;
            case 11: Run<RadixOdd<Eleven>, T>(step, last); break;
            default: Run<RadixOdd<Thirteen>, T>(step, last); break;
        }
    }

    /// <summary>y = x (c + i s) for <paramref name="count"/> complex numbers; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(T* xr, T* xi, T c, T s, T* yr, T* yi, long count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long q = 0;
        if (Vector512.IsHardwareAccelerated)
            Scale<Simd512<T>, T>(xr, xi, c, s, yr, yi, count, ref q);
        if (Vector256.IsHardwareAccelerated)
            Scale<Simd256<T>, T>(xr, xi, c, s, yr, yi, count, ref q);
        Scale<Simd128<T>, T>(xr, xi, c, s, yr, yi, count, ref q);
        Scale<SimdScalar<T>, T>(xr, xi, c, s, yr, yi, count, ref q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale<V, T>(T* xr, T* xi, T c, T s, T* yr, T* yi, long count, ref long q)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        V cs = V.Broadcast(c), ss = V.Broadcast(s);
        for (; q + V.Count <= count; q += V.Count)
        {
            V re = V.Load(xr + q), im = V.Load(xi + q);
            (re * cs - im * ss).Store(yr + q);
            V.MultiplyAdd(re, ss, im * cs).Store(yi + q);
        }
    }

    /// <summary>Row k of y = row k of x times w[k], for as many rows of lanes as w has numbers; y may be x.</summary>
    public static void Multiply<T>(T[] wr, T[] wi, T* xr, T* xi, long xPitch, T* yr, T* yi, long yPitch, int lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (lanes == 1 && xPitch == 1 && yPitch == 1)
        {
            fixed (T* re = wr, im = wi)
                Multiply(xr, xi, re, im, yr, yi, wr.Length);
            return;
        }

        LaneLoop.Over<RowsLoop<T>, T>(new(wr, wi, xr, xi, xPitch, yr, yi, yPitch), lanes);
    }

    /// <summary>y = x w, one complex number after the other; y may be x.</summary>
    public static void Multiply<T>(T* xr, T* xi, T* wr, T* wi, T* yr, T* yi, long count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long q = 0;
        if (Vector512.IsHardwareAccelerated)
            Multiply<Simd512<T>, T>(xr, xi, wr, wi, yr, yi, count, ref q);
        if (Vector256.IsHardwareAccelerated)
            Multiply<Simd256<T>, T>(xr, xi, wr, wi, yr, yi, count, ref q);
        Multiply<SimdScalar<T>, T>(xr, xi, wr, wi, yr, yi, count, ref q);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<V, T>(T* xr, T* xi, T* wr, T* wi, T* yr, T* yi, long count, ref long first)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var q = first;
        for (; q + V.Count <= count; q += V.Count)
        {
            V re = V.Load(xr + q), im = V.Load(xi + q), c = V.Load(wr + q), s = V.Load(wi + q);
            (re * c - im * s).Store(yr + q);
            V.MultiplyAdd(re, s, im * c).Store(yi + q);
        }

        first = q;
    }

    private readonly struct RowsLoop<T>(T[] wr, T[] wi, T* xr, T* xi, long xPitch, T* yr, T* yi, long yPitch) : ILaneLoop<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            T[] re = wr, im = wi;
            T* fromR = xr, fromI = xi, toR = yr, toI = yi;
            for (var k = 0; k < re.Length; k++, fromR += xPitch, fromI += xPitch, toR += yPitch, toI += yPitch)
            {
                V c = V.Broadcast(re[k]), s = V.Broadcast(im[k]);
                for (var q = first; q < end; q += V.Count)
                {
                    V a = V.Load(fromR + q), b = V.Load(fromI + q);
                    (a * c - b * s).Store(toR + q);
                    V.MultiplyAdd(a, s, b * c).Store(toI + q);
                }
            }
        }
    }

    private static void Run<B, T>(in Step<T> step, bool last)
        where B : struct, IFftButterfly
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (last && step.Scale != T.One)
            Across<B, T, OneScale>(step);
        else if (last)
            Across<B, T, NoTwiddles>(step);
        else if (step.Width == 1 && step.XNext == 1)
            Along<B, T>(step);
        else
            Across<B, T, SharedTwiddles>(step);
    }

    private static void Across<B, T, W>(in Step<T> step)
        where B : struct, IFftButterfly
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        long done = 0;
        if (Vector512.IsHardwareAccelerated && step.Width - done >= Simd512<T>.Count)
            done = Across<B, Simd512<T>, T, W>(step, done);
        if (Vector256.IsHardwareAccelerated && step.Width - done >= Simd256<T>.Count)
            done = Across<B, Simd256<T>, T, W>(step, done);
        if (step.Width - done >= Simd128<T>.Count)
            done = Across<B, Simd128<T>, T, W>(step, done);
        if (step.Width > done)
            Across<B, SimdScalar<T>, T, W>(step, done);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Across<B, V, T, W>(in Step<T> step, long first)
        where B : struct, IFftButterfly
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where W : struct, IFftTwiddles
    {
        var end = first + (step.Width - first) / V.Count * V.Count;
        T* xr = step.Xr, xi = step.Xi, yr = step.Yr, yi = step.Yi, wr = step.Wr, wi = step.Wi;
        long xStep = step.XStep, yStep = step.YStep, wStep = step.WStep;
        var scale = step.Scale;
        if (W.AreScale)
        {
            wr = wi = &scale;
            wStep = 0;
        }

        for (var p = step.Count; p > 0; p--)
        {
            for (var q = first; q < end; q += V.Count)
                B.Run<V, T, W>(xr + q, xi + q, xStep, yr + q, yi + q, yStep, wr, wi, wStep);
            xr += step.XNext;
            xi += step.XNext;
            yr += step.YNext;
            yi += step.YNext;
            if (W.AreScale)
                continue;
            wr++;
            wi++;
        }

        return end;
    }

    private static void Along<B, T>(in Step<T> step)
        where B : struct, IFftButterfly
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long p = 0;
        if (Vector512.IsHardwareAccelerated)
            p = Along<B, Simd512<T>, T>(step, p);
        if (Vector256.IsHardwareAccelerated)
            p = Along<B, Simd256<T>, T>(step, p);
        p = Along<B, Simd128<T>, T>(step, p);
        Along<B, SimdScalar<T>, T>(step, p);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Along<B, V, T>(in Step<T> step, long p)
        where B : struct, IFftButterfly
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* turned = stackalloc T[2 * B.Radix * V.Count], turnedI = turned + B.Radix * V.Count;
        for (; p + V.Count <= step.Count; p += V.Count)
        {
            B.Run<V, T, OwnTwiddles>(step.Xr + p, step.Xi + p, step.XStep, turned, turnedI, V.Count, step.Wr + p, step.Wi + p, step.WStep);
            Transposition.Run(turned, V.Count, step.Yr + p * step.YNext, step.YNext, B.Radix, V.Count);
            Transposition.Run(turnedI, V.Count, step.Yi + p * step.YNext, step.YNext, B.Radix, V.Count);
        }

        return p;
    }
}
