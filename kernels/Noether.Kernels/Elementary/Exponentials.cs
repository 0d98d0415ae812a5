using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// x = n·ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite), e^x = 2ⁿ·e^r, and e^r = 1 + r + r²·q(r).
// q has degree 4 in float32 (relative error of e^r 2^-28.3) and 9 in float64 (2^-57.9).
public static partial class Elementary
{
    private const double Log2E = 1.4426950408889634;

    /// <summary><c>e^x</c>. Overflows to ∞ and underflows through the subnormals to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        x = ExpBounded(x);
        var n = V.Round(x * V.Constant(Log2E));
        return V.Scale(ExpNearZero(ExpRest(x, n)), n);
    }

    /// <summary><c>e^x</c> for x at most some ln 2, as softmax's differences from the largest are: only underflow is looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNonPositive<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var least = V.Constant(-104, -746);
        x = V.Select(V.Less(x, least), least, x); // NaN stays
        var n = V.Round(x * V.Constant(Log2E));
        return V.Scale(ExpNearZero(ExpRest(x, n)), n);
    }

    /// <summary><c>e^x - 1</c>, without cancellation near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var bounded = ExpBounded(x);
        var n = V.Round(bounded * V.Constant(Log2E));
        var r = ExpRest(bounded, n);
        var q = V.MultiplyAdd(V.ByPrecision<ExpTail>(r), r * r, r);

        // 2·(2ⁿ⁻¹·q + (2ⁿ⁻¹ - ½)): half of it, because 2ⁿ overflows before the result does
        var half = V.Scale(V.Constant(0.5), n);
        var y = V.MultiplyAdd(half, q, half - V.Constant(0.5));
        return V.Select(V.Less(V.Abs(x), V.Constant(1e-9, 1e-18)), x, y + y);
    }

    /// <summary><c>1 / (1 + e^-x)</c>; small values keep their relative accuracy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        V one = V.Constant(1), zero = V.Constant(0), least = V.Constant(-104, -746), size = -V.Abs(x);
        size = V.Select(V.Less(size, least), least, size); // NaN stays
        var n = V.Round(size * V.Constant(Log2E));
        var r = ExpRest(size, n);
        var q = V.MultiplyAdd(V.ByPrecision<ExpTail>(r), r * r, r);
        V root = one + q, e = V.Scale(root, n), sum = one + e;

        // what rounding took from e above the line and from 1 + e below it, to first order
        var below = V.Less(x, zero);
        var lost = V.Select(below, q - (root - one), zero) - (e - (sum - one));
        var y = V.Select(below, e, one) / sum;
        return V.MultiplyAdd(y, lost, y);
    }

    // x / (1 + e) for 0 ≤ e ≤ 1, rounded once: the quotient's remainder counts what 1 + e lost.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OverOnePlus<V>(V x, V e)
        where V : struct, IFloatLanes<V>
    {
        V one = V.Constant(1), sum = one + e;
        V inverse = one / sum, lost = e - (sum - one);
        V y = x * inverse, product = y * sum;
        var remainder = x - product - (V.ProductError(y, sum, product) + y * lost);
        return V.MultiplyAdd(remainder, inverse, y);
    }

    // e^x / 2, which overflows later than e^x.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExp<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        x = V.Min(x, V.Constant(91, 712));
        var n = V.Round(x * V.Constant(Log2E));
        return V.Scale(ExpNearZero(ExpRest(x, n)), n - V.Constant(1));
    }

    // (factor + rest)·e^(high + low) for low and rest far below high and factor, where a sum needs more digits than a lane has; high within
    // ExpBounded's ends. The factor joins before e^r is rounded, and so costs no rounding of its own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpTimes<V>(V high, V low, V factor, V rest)
        where V : struct, IFloatLanes<V>
    {
        var n = V.Round(high * V.Constant(Log2E));
        V first = V.MultiplyAdd(n, V.Constant(-SingleLn2High, -DoubleLn2High), high), second = V.MultiplyAdd(n, V.Constant(-SingleLn2Low, -DoubleLn2Low), low);
        V r = first + second, lost = second - (r - first);

        // factor·(1 + r + r²·q(r)) from its smallest term up, so that only the last sums round
        var sum = V.MultiplyAdd(factor, V.MultiplyAdd(V.ByPrecision<ExpTail>(r), r * r, lost), rest);
        return V.Scale(factor + V.MultiplyAdd(factor, r, sum), n);
    }

    // e^(high + low) for |low| far below |high|, where the sum needs more digits than a lane has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfSum<V>(V high, V low)
        where V : struct, IFloatLanes<V>
    {
        high = ExpBounded(high);
        var n = V.Round(high * V.Constant(Log2E));
        return V.Scale(ExpNearZero(ExpRest(high, n) + low), n);
    }

    private readonly struct ExpOfSumForm : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V> => ExpOfSum(x, y);
    }

    // Just beyond both ends the result is ∞ and 0 already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpBounded<V>(V x)
        where V : struct, IFloatLanes<V> => V.Min(V.Max(x, V.Constant(-104, -746)), V.Constant(89, 710));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpRest<V>(V x, V n)
        where V : struct, IFloatLanes<V>
    {
        var r = V.MultiplyAdd(n, V.Constant(-SingleLn2High, -DoubleLn2High), x);
        return V.MultiplyAdd(n, V.Constant(-SingleLn2Low, -DoubleLn2Low), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpNearZero<V>(V r)
        where V : struct, IFloatLanes<V> => V.MultiplyAdd(V.ByPrecision<ExpTail>(r), r * r, r) + V.Constant(1);

    // (e^x - 1 - x) / x²
    private readonly struct ExpTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(x, 0.49999994, 0.166665196, 0.041668389, 0.00836875755, 0.0013814671);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.50000000000000111, 0.1666666666666641, 0.04166666666652958, 0.008333333333495261, 0.0013888888943804406,
                0.00019841269505306621, 2.4801492899090058e-05, 2.7557587100463296e-06, 2.7630325623176347e-07,
                2.4999962023217974e-08);
    }
}
