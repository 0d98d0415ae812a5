using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// log Γ(2 + t) = t·q(t) on |t| ≤ ½ (degree 8, error 2^-28.8; degree 18, 2^-59.6), so both zeros, at 1 and 2, are exact; below 8 the
// recurrence Γ(x + 1) = x·Γ(x) leads there, all its factors in one logarithm. From 8 on, Stirling's series (Abramowitz and Stegun 6.1.41).
// ψ: the recurrence up to 8 as one fraction, then its asymptotic series (6.3.18). Below 0 the reflections 6.1.17 and 6.3.7.
public static partial class Elementary
{
    private const double Pi = 3.141592653589793;

    /// <summary><c>log |Γ(x)|</c>: ∞ at 0 and the negative integers.</summary>
    /// <remarks>Below 0, where it crosses zero between the integers, the error is some ulp of the reflection's terms, not of the result.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogGamma<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        V zero = V.Constant(0), one = V.Constant(1), half = V.Constant(0.5), infinity = V.Constant(double.PositiveInfinity);
        var z = V.Abs(x);
        var nearest = V.Round(z);
        var t = z - nearest;

        // Γ(z) = Γ(2 + t)·factors, or over them below 2
        var factors = one;
        factors = WithFactor(factors, z, nearest, 1);
        factors = WithFactor(factors, z, nearest, 2);
        factors = WithFactor(factors, z, nearest, 3);
        factors = WithFactor(factors, z, nearest, 4);
        factors = WithFactor(factors, z, nearest, 5);
        factors = WithFactor(factors, z, nearest, 6);

        var below = V.Less(nearest, V.Constant(1.5));
        factors = V.Select(below, V.Select(V.Less(nearest, half), z * (z + one), z), factors);

        var far = V.LessOrEqual(V.Constant(8), z);
        var log = Log(V.Select(far, z, factors));
        var near = V.MultiplyAdd(t, V.ByPrecision<LogGammaNearTwo>(t), V.Select(below, -log, log));
        var inverse = one / z;
        var series = inverse * V.ByPrecision<StirlingSeries>(inverse * inverse);
        var stirling = V.MultiplyAdd(z - half, log - one, V.Constant(0.4189385332046727) + series);
        var y = V.Select(far, stirling, near);

        // sin πz of the fraction's distance from an integer
        var distance = V.Abs(t);
        var sine = V.Select(
            V.Less(distance, V.Constant(0.25)), SinNearZero(V.Constant(Pi) * distance, V.Constant(0)), CosNearZero(V.Constant(Pi) * (half - distance)));
        var reflected = Log(V.Constant(Pi) / (z * sine)) - y;
        y = V.Select(V.Less(x, zero), reflected, y);
        return V.Select(V.Equal(z, infinity), infinity, y);
    }

    /// <summary><c>ψ(x)</c>, the derivative of <c>log Γ(x)</c>: ∓∞ at ±0, NaN at the negative integers.</summary>
    /// <remarks>Near its zeros the error is some ulp of 1, not of the result.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Digamma<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        V zero = V.Constant(0), one = V.Constant(1), half = V.Constant(0.5), pi = V.Constant(Pi);
        var z = V.Abs(x);

        // 1/z + 1/(z + 1) + … + 1/(z + 7)
        var steps = new Fraction<V> { Above = one, Below = z }.Plus(z, 1).Plus(z, 2).Plus(z, 3).Plus(z, 4).Plus(z, 5).Plus(z, 6).Plus(z, 7);
        var far = V.LessOrEqual(V.Constant(8), z);
        var shift = V.Select(far, zero, steps.Above / steps.Below);
        var y = V.Select(far, z, z + V.Constant(8));
        var inverse = one / y;
        var square = inverse * inverse;
        var sum = Log(y) - (V.MultiplyAdd(half, inverse, square * V.ByPrecision<DigammaSeries>(square)) + shift);

        // ψ(-z) = ψ(z) + 1/z + π·cot πz
        var t = z - V.Round(z);
        var distance = V.Abs(t);
        var gentle = V.Less(distance, V.Constant(0.25));
        var angle = pi * V.Select(gentle, distance, half - distance);
        V sine = SinNearZero(angle, V.Constant(0)), cosine = CosNearZero(angle);
        var cotangent = V.CopySign(V.Select(gentle, cosine, sine) / V.Select(gentle, sine, cosine), t);
        var reflected = V.Select(V.Equal(t, zero), V.Constant(double.NaN), sum + (one / z + pi * cotangent));
        sum = V.Select(V.Less(x, zero), reflected, sum);
        return V.Select(V.Equal(x, zero), V.CopySign(V.Constant(double.PositiveInfinity), -x), sum);
    }

    // the factor z - j where z is nearer to j + 2 or beyond
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithFactor<V>(V factors, V z, V nearest, double j)
        where V : struct, IFloatLanes<V> =>
        V.Select(V.Less(V.Constant(j + 1.5), nearest), factors * (z - V.Constant(j)), factors);

    private struct Fraction<V>
        where V : struct, IFloatLanes<V>
    {
        public V Above;
        public V Below;

        // + 1 / (z + k)
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Fraction<V> Plus(V z, double k)
        {
            var factor = z + V.Constant(k);
            return new() { Above = V.MultiplyAdd(Above, factor, Below), Below = Below * factor };
        }
    }

    // log Γ(2 + x) / x
    private readonly struct LogGammaNearTwo : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.422784328, 0.322467029, -0.0673522651, 0.020581631, -0.00738643855, 0.00287883007, -0.00118416536, 0.000570338045,
                -0.000257207488);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.42278433509846713, 0.32246703342411326, -0.067352301053198171, 0.020580808427780338, -0.0073855510286640934,
                0.0028905103310367525, -0.0011927539121675791, 0.00050966951534872455, -0.00022315474732069652, 9.9457674395981422e-05,
                -4.4926390666348693e-05, 2.0505584430631959e-05, -9.4381901927216777e-06, 4.3847315794252902e-06, -2.0459824517480842e-06,
                9.1999085975231175e-07, -4.2808946235209404e-07, 2.7879891495838783e-07, -1.3614300517844408e-07);
    }

    // Σ B₂ₖ / (2k·(2k - 1))·xᵏ⁻¹
    private readonly struct StirlingSeries : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 1 / 12.0, -1 / 360.0, 1 / 1260.0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0, -3617 / 122400.0,
                43867 / 244188.0, -174611 / 125400.0);
    }

    // Σ B₂ₖ / 2k·xᵏ⁻¹
    private readonly struct DigammaSeries : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 1 / 12.0, -1 / 120.0, 1 / 252.0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 1 / 12.0, -1 / 120.0, 1 / 252.0, -1 / 240.0, 1 / 132.0, -691 / 32760.0, 1 / 12.0, -3617 / 8160.0, 43867 / 14364.0,
                -174611 / 6600.0);
    }
}
