using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// x = 2^e·m with m in [√½, √2), f = m - 1, log x = e·ln 2 + log(1 + f).
// float32: log(1 + f) = f - f²/2 + f³·p(f), p of degree 7, relative error 2^-27.4.
// float64: log(1 + f) = f - f²/2 + s·(f²/2 + R) with s = f / (2 + f) and R = z·p(z), z = s²; p of degree 6, error 2^-59.5.
public static partial class Elementary
{
    /// <summary>The natural logarithm. -∞ at ±0, NaN below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var zero = V.Constant(0);
        var subnormal = V.Less(x, V.Constant(1.17549435e-38, 2.2250738585072014e-308));
        var normal = V.Select(subnormal, x * V.Constant(4294967296.0, 18446744073709551616.0), x);
        var raised = V.Select(subnormal, V.Constant(32, 64), zero);
        return LogEnds(x, LogOfNormal(normal, raised, zero));
    }

    /// <summary><c>log(1 + x)</c>, without cancellation near 0. -∞ at -1, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        // u = 1 + x rounded, and what the rounding lost, relative to u
        var one = V.Constant(1);
        var u = one + x;
        var back = u - one;
        var lost = (one - (u - back) + (x - back)) / u;
        var y = LogEnds(u, LogOfNormal(u, V.Constant(0), lost));
        return V.Select(V.Less(V.Abs(x), V.Constant(2e-8, 4e-17)), x, y);
    }

    /// <summary><c>log(1 + e^x)</c>, without overflow: <c>max(x, 0) + log1p(e^-|x|)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        // e in [0, 1] needs no exponent: 1 + e is 1 + f up to √2, beyond it 2·(1 + f), and f is exact
        V zero = V.Constant(0), half = V.Constant(0.5);
        var e = Exp(-V.Abs(x));
        var upper = V.Less(V.Constant(0.4142135623730951), e);
        var f = V.Select(upper, V.MultiplyAdd(half, e, -half), e);
        var y = f + V.ByPrecision<LogTail>(f);
        return V.Max(x, zero) + V.Select(upper, y + V.Constant(Ln2), y);
    }

    // log(x·(1 + relative)) - raised·ln 2, for normal positive x and a relative of some roundings.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfNormal<V>(V x, V raised, V relative)
        where V : struct, IFloatLanes<V>
    {
        var e = V.Exponent(x) - raised;
        var m = V.Significand(x);
        var upper = V.Less(V.Constant(1.4142135623730951), m);
        m = V.Select(upper, m * V.Constant(0.5), m);
        e = V.Select(upper, e + V.Constant(1), e);

        var f = m - V.Constant(1);
        var low = V.MultiplyAdd(e, V.Constant(SingleLn2Low, DoubleLn2Low), relative);
        return V.MultiplyAdd(e, V.Constant(SingleLn2High, DoubleLn2High), f + (V.ByPrecision<LogTail>(f) + low));
    }

    // y where it holds; at 0, below, at ∞ and NaN what the logarithm is there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogEnds<V>(V x, V y)
        where V : struct, IFloatLanes<V>
    {
        var zero = V.Constant(0);
        y = V.Select(V.Less(x, V.Constant(double.PositiveInfinity)), y, x);
        y = V.Select(V.Less(x, zero), V.Constant(double.NaN), y);
        return V.Select(V.Equal(x, zero), V.Constant(double.NegativeInfinity), y);
    }

    // log(1 + x) - x
    private readonly struct LogTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V>
        {

            var p = Polynomial.At(
                x, 0.333333313, -0.250008196, 0.200012207, -0.166233927, 0.142019331, -0.131600574, 0.127602696, -0.07633131);
            return x * x * V.MultiplyAdd(p, x, V.Constant(-0.5));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V>
        {

            var s = x / (V.Constant(2) + x);
            var z = s * s;
            var r = z * Polynomial.At(
                z, 0.6666666666666734, 0.39999999999414987, 0.2857142874230193, 0.2222219858340114, 0.18183563739171466,
                0.1531406664799046, 0.14795780484266899);
            var halfSquare = V.Constant(0.5) * x * x;
            return V.MultiplyAdd(s, halfSquare + r, -halfSquare);
        }
    }
}
