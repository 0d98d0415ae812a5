using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// sinh x = x + x·z·p(z), z = x², on |x| ≤ 1 (degree 3, error 2^-34; degree 6, 2^-63.2); beyond, from e^x / 2, as cosh everywhere.
// tanh: float32 by x + x·z·p(z) on |x| ≤ 0.55 (degree 4, error 2^-29.9), beyond by 1 - 2 / (e^2|x| + 1); float64 by expm1.
// The inverses are logarithms of 1 + something computed without cancellation.
public static partial class Elementary
{
    /// <summary>The hyperbolic sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sinh<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var size = V.Abs(x);
        var half = HalfExp(size);
        var z = x * x;
        var p = V.ByPrecision<SinhTail>(z);
        var far = V.CopySign(half - V.Constant(0.25) / half, x);
        return V.Select(V.LessOrEqual(size, V.Constant(1)), V.MultiplyAdd(x * z, p, x), far);
    }

    /// <summary>The hyperbolic cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosh<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var half = HalfExp(V.Abs(x));
        return half + V.Constant(0.25) / half;
    }

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, IFloatLanes<V> => V.ByPrecision<TanhForm>(x);

    /// <summary>The inverse hyperbolic sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Asinh<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        // log(|x| + √(x² + 1)); for the largest x, whose square overflows, log 2|x|
        var size = V.Abs(x);
        var one = V.Constant(1);
        var large = V.Less(V.Constant(1e9, 1e18), size);
        var square = size * size;
        var argument = V.Select(large, size, size + square / (one + V.Sqrt(one + square)));
        var y = Log1p(argument) + V.Select(large, V.Constant(Ln2), V.Constant(0));
        return V.CopySign(y, x);
    }

    /// <summary>The inverse hyperbolic cosine, from 0 up; NaN below 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Acosh<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var one = V.Constant(1);
        var t = x - one;
        var large = V.Less(V.Constant(1e9, 1e18), x);
        var argument = V.Select(large, x, t + V.Sqrt(V.MultiplyAdd(t, t, t + t)));
        var y = Log1p(argument) + V.Select(large, V.Constant(Ln2), V.Constant(0));
        return V.Select(V.Less(x, one), V.Constant(double.NaN), y);
    }

    /// <summary>The inverse hyperbolic tangent: ±∞ at ±1, NaN beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atanh<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var size = V.Abs(x);
        return V.CopySign(V.Constant(0.5) * Log1p((size + size) / (V.Constant(1) - size)), x);
    }

    // (sinh √x / √x - 1) / x
    private readonly struct SinhTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 0.166666672, 0.00833335053, 0.000198360678, 2.8174336e-06);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.16666666666666669, 0.0083333333333331389, 0.00019841269841437638, 2.755731915535448e-06, 2.5052123395302684e-08,
                1.6057240619677707e-10, 7.7593032157987857e-13);
    }

    private readonly struct TanhForm : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V>
        {

            var size = V.Abs(x);
            var one = V.Constant(1);
            var far = one - V.Constant(2) / (Exp(size + size) + one);
            var z = x * x;
            var p = Polynomial.At(z, -0.333333194, 0.133326009, -0.0538537055, 0.0210771151, -0.00628155749);
            return V.CopySign(V.Select(V.Less(size, V.Constant(0.55)), V.MultiplyAdd(size * z, p, size), far), x);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V>
        {

            // tanh|x| = -m / (m + 2) with m = expm1(-2|x|): m -> -1 saturates by itself
            var size = V.Abs(x);
            var m = Expm1(-(size + size));
            return V.CopySign(m / (m + V.Constant(2)), x);
        }
    }
}
