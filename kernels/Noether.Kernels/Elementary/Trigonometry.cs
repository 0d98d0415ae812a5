using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// x = k·π/2 + r with |r| ≤ π/4 for every finite x (see Angle), then polynomials in z = r²:
// sin r = r + r·z·S(z), degree 2 (error 2^-28) and 6 (2^-68.8); cos r = 1 - z/2 + z²·C(z), degree 2 (2^-32.9) and 5 (2^-63.8).
// tan: float32 by its own polynomial, degree 6 (2^-29.4), and -1/tan r for odd k; float64 by sin r / cos r.
public static partial class Elementary
{
    /// <summary>The sine of an angle in radians; NaN at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var zero = V.Constant(0);
        var y = V.Any(Angle<V>.IsFar(x)) ? SinFar(x, zero) : SinOf(Angle<V>.Near(x), zero);
        return V.Select(V.Equal(x, zero), x, y);
    }

    /// <summary>The cosine of an angle in radians; NaN at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var quarter = V.Constant(1);
        return V.Any(Angle<V>.IsFar(x)) ? SinFar(x, quarter) : SinOf(Angle<V>.Near(x), quarter);
    }

    /// <summary>The tangent of an angle in radians; NaN at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tan<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var y = V.Any(Angle<V>.IsFar(x)) ? TanFar(x) : TanOf(Angle<V>.Near(x));
        return V.Select(V.Equal(x, V.Constant(0)), x, y);
    }

    private static V SinFar<V>(V x, V quarters)
        where V : struct, IFloatLanes<V> => SinOf(Angle<V>.Far(x), quarters);

    private static V TanFar<V>(V x)
        where V : struct, IFloatLanes<V> => TanOf(Angle<V>.Far(x));

    // the sine of the angle turned by so many quarters
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinOf<V>(Angle<V> angle, V quarters)
        where V : struct, IFloatLanes<V>
    {
        quarters += angle.Quarters;
        var y = V.Select(IsOdd(quarters), CosNearZero(angle.Rest), SinNearZero(angle.Rest, angle.Low));
        return V.Select(IsOdd(V.Floor(quarters * V.Constant(0.5))), -y, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TanOf<V>(Angle<V> angle)
        where V : struct, IFloatLanes<V>
    {
        var odd = IsOdd(angle.Quarters);
        V rest = angle.Rest + angle.Low, lost = angle.Low - (rest - angle.Rest);
        V one = V.Constant(1), tail = V.ByPrecision<TanAbove>(rest), below = V.ByPrecision<TanBelow>(rest);
        var above = rest + tail;

        // what above lost, and the rest before it (the slope of tan is 1 + tan²); 1 / below is 2 - below near enough
        var low = tail - (above - rest) + V.MultiplyAdd(rest * rest, lost, lost);
        var y = V.Select(odd, -below, above) / V.Select(odd, above, below);
        return V.MultiplyAdd(V.Select(odd, y * y, one) * (V.Constant(2) - below), low, y);
    }

    // Mask of odd integers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V IsOdd<V>(V n)
        where V : struct, IFloatLanes<V>
    {
        var half = n * V.Constant(0.5);
        return V.Less(V.Floor(half), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinNearZero<V>(V r, V low)
        where V : struct, IFloatLanes<V>
    {
        var z = r * r;
        var p = V.ByPrecision<SinTail>(z);
        return V.MultiplyAdd(r * z, p, low) + r; // the cosine of r is 1 near enough for the low word
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosNearZero<V>(V r)
        where V : struct, IFloatLanes<V>
    {
        var z = r * r;
        var p = V.ByPrecision<CosTail>(z);

        // 1 - z/2 rounds; what it loses is added back
        var half = V.Constant(0.5) * z;
        var one = V.Constant(1);
        var main = one - half;
        return main + V.MultiplyAdd(z * z, p, one - main - half);
    }

    // (sin √x / √x - 1) / x
    private readonly struct SinTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, -0.166666552, 0.00833217334, -0.000195166896);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, -0.16666666666666666, 0.0083333333333333228, -0.00019841269841254993, 2.7557319214151023e-06,
                -2.5052104901208432e-08, 1.6058365287603487e-10, -7.5786304885764672e-13);
    }

    // (cos √x - 1 + x / 2) / x²
    private readonly struct CosTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 0.0416666456, -0.00138873619, 2.44377952e-05);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.041666666666666602, -0.0013888888888873999, 2.4801587289398843e-05, -2.7557314326913677e-07,
                2.0875719655517481e-09, -1.1359452839909742e-11);
    }

    // tan x as a fraction near 0, whose upper part is x more than this
    private readonly struct TanAbove : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V>
        {

            var z = x * x;
            return x * z * Polynomial.At(
                z, 0.333333522, 0.133325994, 0.0540667027, 0.0212488063, 0.0109187234, -1.16674246e-05, 0.00442454079);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V>
        {
            var z = x * x;
            return x * z * V.ByPrecision<SinTail>(z);
        }
    }

    private readonly struct TanBelow : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => V.Constant(1);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => CosNearZero(x);
    }
}
