using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// asin s = s + s·z·p(z), z = s², on |s| ≤ ½ (degree 4, error 2^-27.6; degree 12, 2^-59.8); beyond, asin x = π/2 - 2·asin √((1 - x)/2).
// atan t = t + t·z·p(z), z = t², on |t| ≤ tan π/8 (degree 4, error 2^-30.5; degree 10, 2^-59.5); beyond, the angle is turned by -π/4 or -π/2.
public static partial class Elementary
{
    // π/2 and π/4 and what they lack. π/4 is short enough for an exact product with 0 to 4.
    private const double HalfPi = 1.5707963267948966;
    private const double SingleHalfPiLow = -4.3711390001862426e-08;
    private const double DoubleHalfPiLow = 6.123233995736766e-17;
    private const double SingleQuarterPi = 0.785398006439209;
    private const double SingleQuarterPiLow = 1.5695823932524066e-07;
    private const double DoubleQuarterPi = 0.7853981633974483;
    private const double DoubleQuarterPiLow = 3.061616997868383e-17;

    private const double TanOfEighthPi = 0.4142135623730951;

    /// <summary>The angle in [-π/2, π/2] whose sine is <paramref name="x"/>; NaN outside [-1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Asin<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var size = V.Abs(x);
        var steep = V.Less(V.Constant(0.5), size);
        var z = V.Select(steep, V.MultiplyAdd(size, V.Constant(-0.5), V.Constant(0.5)), size * size);
        var s = V.Select(steep, V.Sqrt(z), size);
        var tail = s * z * V.ByPrecision<AsinTail>(z);
        var two = V.Constant(2);
        var turned = V.Constant(HalfPi) - (two * s - (V.Constant(SingleHalfPiLow, DoubleHalfPiLow) - two * tail));
        return V.CopySign(V.Select(steep, turned, s + tail), x);
    }

    /// <summary>The angle in [0, π] whose cosine is <paramref name="x"/>; NaN outside [-1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Acos<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var size = V.Abs(x);
        var steep = V.Less(V.Constant(0.5), size);
        var z = V.Select(steep, V.MultiplyAdd(size, V.Constant(-0.5), V.Constant(0.5)), size * size);
        var s = V.Select(steep, V.Sqrt(z), x);
        var tail = s * z * V.ByPrecision<AsinTail>(z);
        var low = V.Constant(SingleHalfPiLow, DoubleHalfPiLow);
        var two = V.Constant(2);
        var gentle = V.Constant(HalfPi) - (s - (low - tail));
        var twice = two * (s + tail);
        var obtuse = two * (V.Constant(HalfPi) - (s - (low - tail)));
        return V.Select(steep, V.Select(V.Less(x, V.Constant(0)), obtuse, twice), gentle);
    }

    /// <summary>The angle in [-π/2, π/2] whose tangent is <paramref name="x"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var one = V.Constant(1);
        var size = V.Abs(x);
        var steep = V.Less(V.Constant(2.414213562373095), size);
        var gentle = V.LessOrEqual(size, V.Constant(TanOfEighthPi));
        var above = V.Select(steep, -one, V.Select(gentle, size, size - one));
        var below = V.Select(steep, size, V.Select(gentle, one, size + one));
        var turns = V.Select(steep, V.Constant(2), V.Select(gentle, V.Constant(0), one));
        var t = above / below;

        // What the quotient of (x - 1) / (x + 1) lacks, from its exact remainder; 1 / (x + 1) is (1 - t) / 2.
        V lessLow = size - (above + one), moreLow = size - (below - one);
        var remainder = lessLow - V.MultiplyAdd(t, moreLow, V.ProductError(t, below, above));
        var low = V.Select(V.Equal(turns, one), V.Constant(0.5) * (one - t) * remainder, V.Constant(0));
        return V.CopySign(Turned(turns, AtanNearZero(t), low), x);
    }

    /// <summary>The angle in [-π, π] of the point (<paramref name="x"/>, <paramref name="y"/>); signed zeros and infinities as in C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan2<V>(V y, V x)
        where V : struct, IFloatLanes<V>
    {
        V zero = V.Constant(0), one = V.Constant(1);
        V width = V.Abs(x), height = V.Abs(y);
        var steep = V.Less(width, height);
        V small = V.Min(width, height), large = V.Max(width, height);

        // away from both ends of the exponents, so that sums neither overflow nor lose bits
        var scale = V.Select(V.Less(large, V.Constant(1e18)), V.Constant(1073741824.0), V.Constant(1 / 1073741824.0));
        var infinity = V.Constant(double.PositiveInfinity);
        var endless = V.Equal(large, infinity);
        var d = V.Select(V.MaskOr(endless, V.Equal(large, zero)), one, large * scale);
        var n = V.Select(endless, V.Select(V.Equal(small, infinity), one, zero), small * scale);

        var turn = V.Less(d * V.Constant(TanOfEighthPi), n);
        var angle = AtanNearZero(V.Select(turn, n - d, n) / V.Select(turn, n + d, d));
        var turns = V.Select(turn, one, zero);

        turns = V.Select(steep, V.Constant(2) - turns, turns);
        angle = V.Select(steep, -angle, angle);
        var left = V.Less(V.CopySign(one, x), zero);
        turns = V.Select(left, V.Constant(4) - turns, turns);
        angle = V.Select(left, -angle, angle);

        // small + large is NaN where either is; it is used for nothing else
        var right = V.CopySign(Turned(turns, angle, zero), y);
        return V.Select(V.LessOrEqual(small, large), right, small + large);
    }

    // eighths·π/4 + angle + low
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Turned<V>(V eighths, V angle, V low)
        where V : struct, IFloatLanes<V>
    {
        var rest = angle + V.MultiplyAdd(eighths, V.Constant(SingleQuarterPiLow, DoubleQuarterPiLow), low);
        return V.MultiplyAdd(eighths, V.Constant(SingleQuarterPi, DoubleQuarterPi), rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AtanNearZero<V>(V t)
        where V : struct, IFloatLanes<V>
    {
        var z = t * t;
        var p = V.ByPrecision<AtanTail>(z);
        return V.MultiplyAdd(t * z, p, t);
    }

    // (atan √x / √x - 1) / x
    private readonly struct AtanTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, -0.333333164, 0.199984878, -0.142438114, 0.105957374, -0.0608281195);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, -0.33333333333333198, 0.19999999999953955, -0.14285714280235987, 0.11111110785532473, -0.090908978196076781,
                0.076920613462807721, -0.066631171613924262, 0.058479859714530798, -0.050397439882172636, 0.038075780189472538,
                -0.017919531155855716);
    }

    // (asin √x / √x - 1) / x
    private readonly struct AsinTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 0.166667536, 0.0749523863, 0.0454776436, 0.0241441932, 0.0422254317);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.16666666666666763, 0.074999999999701028, 0.04464285717528297, 0.030381942675356766, 0.022372215904915067,
                0.017351595510929022, 0.013981018360228477, 0.01139729556074425, 0.010789298549400262, 0.0036723081901640017,
                0.021790248422202126, -0.021116009881734177, 0.032701626928056039);
    }
}
