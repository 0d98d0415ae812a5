using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// x^y = e^(y·log|x|) with the logarithm and the product in two words, because e^t magnifies the error of t by t.
// log m = 2s + s·z·(⅔ + z·p(z)), s = (m - 1) / (m + 1), z = s²; p of degree 2 (error 2^-36.8) and 7 (2^-73.6). s, z and the
// bracket are carried in two words.
public static partial class Elementary
{
    /// <summary><c>x^y</c>, with C's special values: 1 where <c>y = 0</c> or <c>x = 1</c>; NaN for negative x and y not integral.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Pow<V>(V x, V y)
        where V : struct, IFloatLanes<V>
    {
        V zero = V.Constant(0), one = V.Constant(1), infinity = V.Constant(double.PositiveInfinity);
        var size = V.Abs(x);
        var power = V.Apart<PowOfSize>(size, y);

        var integral = V.Equal(V.Floor(y), y);
        var odd = V.MaskAnd(integral, IsOdd(y));
        power = V.Select(V.MaskAnd(odd, V.Less(V.CopySign(one, x), zero)), -power, power);
        var unreal = V.MaskAnd(V.MaskAnd(V.Less(x, zero), V.Less(-infinity, x)), V.MaskNot(integral));
        power = V.Select(unreal, V.Constant(double.NaN), power);

        // a NaN y of a negative x was caught above; +1 and y = 0 win over every NaN, and (-1)^±∞ = 1
        var unit = V.MaskOr(V.Equal(x, one), V.Equal(y, zero));
        unit = V.MaskOr(unit, V.MaskAnd(V.Equal(size, one), V.Equal(V.Abs(y), infinity)));
        return V.Select(unit, one, power);
    }

    /// <summary>The cube root, of negative numbers too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cbrt<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        var size = V.Abs(x);
        var subnormal = V.Less(size, V.Constant(1.17549435e-38, 2.2250738585072014e-308));
        var normal = V.Select(subnormal, size * V.Constant(18014398509481984.0), size);
        var e = V.Exponent(normal) - V.Select(subnormal, V.Constant(54), zero);
        var third = V.Floor((e + V.Constant(0.5)) * V.Constant(1 / 3.0));
        var rest = e - V.Constant(3) * third;

        // a first guess on [1, 2) (2^-13.7 and 2^-19.6), times the root of 1, 2 or 4
        var m = V.Significand(normal);
        var t = V.ByPrecision<CbrtGuess>(m);
        t *= V.Select(V.Less(rest, V.Constant(0.5)), one,
            V.Select(V.Less(rest, V.Constant(1.5)), V.Constant(1.2599210498948732), V.Constant(1.5874010519681996)));
        m = V.Scale(m, rest);

        // Halley's step triples the digits; the guess is cut short so that its square is exact
        t = V.High(t);
        var square = t * t;
        var cube = square * t;
        var error = V.MultiplyAdd(square, t, -m);
        t -= t * error / (cube + cube + m);
        var y = V.CopySign(V.Scale(t, third), x);
        return V.Select(V.MaskAnd(V.Less(zero, size), V.Less(size, V.Constant(double.PositiveInfinity))), y, x);
    }

    // x^y for x ≥ 0, but for the cases that win over every rule
    private readonly struct PowOfSize : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V>
        {
            var log = LogInTwoWords(x);
            var high = y * log.High;
            var low = V.MultiplyAdd(y, log.Low, V.ProductError(y, log.High, high));

            // beyond the ends low means nothing, and is NaN where high is infinite
            low = V.Select(V.Less(V.Abs(high), V.Constant(1000)), low, V.Constant(0));
            return V.Apart<ExpOfSumForm>(high, low);
        }
    }

    // log x for x ≥ 0; -∞ at 0, ∞ at ∞, NaN at NaN, with a low word of 0 there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TwoWords<V> LogInTwoWords<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        var subnormal = V.Less(x, V.Constant(1.17549435e-38, 2.2250738585072014e-308));
        var normal = V.Select(subnormal, x * V.Constant(4294967296.0, 18446744073709551616.0), x);
        var e = V.Exponent(normal) - V.Select(subnormal, V.Constant(32, 64), zero);
        var m = V.Significand(normal);
        var upper = V.Less(V.Constant(1.4142135623730951), m);
        m = V.Select(upper, m * V.Constant(0.5), m);
        e = V.Select(upper, e + one, e);

        // s = f / d, and what it lacks from the exact remainder f - s·d
        var f = m - one;
        var d = m + one;
        var dLow = m - (d - one);
        var s = f / d;
        var sLow = (-V.ProductError(s, d, f) - s * dLow) / d;

        var z = s * s;
        var p = z * V.ByPrecision<PowTail>(z);
        var twoThirds = V.Constant(0.6666666666666666);
        var bracket = twoThirds + p;
        var bracketLow = p - (bracket - twoThirds) + V.Constant(-1.9868214925130207e-08, 3.700743415417188e-17);
        var zLow = V.MultiplyAdd(s + s, sLow, V.ProductError(s, s, z));
        var cube = s * z;
        var cubeLow = V.MultiplyAdd(s, zLow, V.MultiplyAdd(sLow, z, V.ProductError(s, z, cube)));
        var tail = cube * bracket;
        var tailLow = V.MultiplyAdd(cube, bracketLow, V.MultiplyAdd(cubeLow, bracket, V.ProductError(cube, bracket, tail)));

        // e·ln 2 + 2s + tail, each sum of falling magnitudes
        var main = e * V.Constant(SingleLn2High, DoubleLn2High);
        var twice = s + s;
        var sum = main + twice;
        var back = sum - main;
        var low = main - (sum - back) + (twice - back);
        low += V.MultiplyAdd(e, V.Constant(SingleLn2Low, DoubleLn2Low), sLow + sLow) + tailLow;
        var high = sum + tail;
        back = high - sum;
        low += sum - (high - back) + (tail - back);
        var total = high + low;
        low -= total - high;

        var finite = V.MaskAnd(V.Less(zero, x), V.Less(x, V.Constant(double.PositiveInfinity)));
        return new() { High = LogEnds(x, total), Low = V.Select(finite, low, zero) };
    }

    private struct TwoWords<V>
        where V : struct, IFloatLanes<V>
    {
        public V High;
        public V Low;
    }

    // ((log((1 + √x) / (1 - √x)) / √x - 2) / x - ⅔) / x
    private readonly struct PowTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 0.400001526, 0.28547141, 0.234183669);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.3999999999999998, 0.28571428571445101, 0.22222222217538914, 0.18181818869991578, 0.15384556894525575,
                0.1333631646256998, 0.11674838834308049, 0.1198883727254758);
    }

    private readonly struct CbrtGuess : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 0.552833855, 0.587092161, -0.162954539, 0.0231016241);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.473334074, 0.838148177, -0.469212264, 0.202765971, -0.0503827408, 0.00534804305);
    }
}
