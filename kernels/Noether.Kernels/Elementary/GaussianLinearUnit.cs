using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// gelu x = x·Φ(x), Φ the normal distribution function. With t = |x|, x·Φ(x) is -m below 0 and x - m above, m = t·Φ(-t): no cancellation.
// Φ(-t) = e^(-t²/2)·H(q) / (t + a), where H = (t + a)·½·e^(t²/2)·erfc(t/√2) is smooth and q = 2t / (t + a) - 1 maps the half-line to
// (-1, 1); a = 4.5, degree 10 (2^-30) and a = 5.5, degree 21 (2^-57.4). t² is carried in two words, as in erfc. Float32 lanes with tables
// take Φ(-t) from NormalTable for t ≤ 5.5, at half the cost, and where some x < -5.5 the tail by itself, in powers of 1/t².
// By tanh: ½x·(1 + tanh(u/2)) = x·σ(u) with u = √(8/π)·(x + 0.044715·x³), so m = t·e^(-|u|) / (1 + e^(-|u|)); |u| is carried in two words.
public static partial class Elementary
{
    private const double RootTwoPiInverse = 0.3989422804014327;
    private const double RootEightOverPi = 1.5957691216057308;
    private const double RootEightOverPiCubic = 0.07135481627260025; // 0.044715 of it

    /// <summary><c>x·Φ(x)</c>, with full relative accuracy down to the subnormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<V>(V x)
        where V : struct, IFloatLanes<V> => V.ByPrecision<GeluForm>(x);

    /// <summary>The derivative of <see cref="Gelu"/>, <c>Φ(x) + x·φ(x)</c>; within some roundings of its terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluSlope<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var tail = NormalTail<V>.At(V.Abs(x));
        var term = tail.Inverse * tail.Scaled.High;
        var h = ExpTimes(tail.High, tail.Low, V.MultiplyAdd(tail.Size, V.Constant(-RootTwoPiInverse), term), V.Constant(0));
        return V.Select(V.Less(x, V.Constant(0)), h, V.Constant(1) - h);
    }

    /// <summary><c>½x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>, with full relative accuracy down to the subnormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanh<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var tail = LogisticTail<V>.At(V.Abs(x));
        var m = OverOnePlus(ExpTimes(tail.High, tail.Low, tail.Size, V.Constant(0)), ExpTimes(tail.High, tail.Low, V.Constant(1), V.Constant(0)));
        return V.Select(V.Less(x, V.Constant(0)), -m, x - m);
    }

    /// <summary>The derivative of <see cref="GeluTanh"/>; within some roundings of its terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanhSlope<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        // with p = σ(-|u|) and u' = du/dt: below 0, p - t·p·(1 - p)·u'
        var tail = LogisticTail<V>.At(V.Abs(x));
        var one = V.Constant(1);
        var e = ExpTimes(tail.High, tail.Low, one, V.Constant(0));
        var inverse = one / (one + e);
        var p = e * inverse;
        var slope = V.MultiplyAdd(tail.Size * tail.Size, V.Constant(3 * RootEightOverPiCubic), V.Constant(RootEightOverPi));
        var h = p * (one - tail.Size * inverse * slope);
        return V.Select(V.Less(x, V.Constant(0)), h, one - h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V GeluOfTail<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var tail = NormalTail<V>.At(V.Abs(x));
        var factor = tail.Size * tail.Inverse;
        var m = tail.Scaled.Times(factor, V.ProductError(tail.Size, tail.Inverse, factor), tail.High, tail.Low);
        var y = V.Select(V.Less(x, V.Constant(0)), -m, x - m);

        // products' errors are lost among the subnormals
        return V.Select(V.Less(tail.Size, V.Constant(1e-9, 1e-18)), V.Constant(0.5) * x, y);
    }

    private readonly struct GeluForm : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => V.ByLookup<GeluByTable>(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => GeluOfTail(x);
    }

    private readonly struct GeluByTable : ILookupForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Looked<V>(V x)
            where V : struct, ILookupLanes<V>
        {
            // max(x, 0) - t·Φ(-t) in one rounding; where x > 0 leaves the table, the product is too small to count
            V zero = V.Constant(0), end = V.Constant(NormalTable.End), size = V.Abs(x);
            var t = V.Select(V.Less(end, size), end, size);
            var y = V.MultiplyAdd(-t, NormalTable.Tail(t), V.Select(V.Less(x, zero), zero, x));
            return V.Any(V.Less(x, -end)) ? V.Apart<GeluBeforeTable>(x, y) : y;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Computed<V>(V x)
            where V : struct, IFloatLanes<V> => GeluOfTail(x);
    }

    // y, but the unit itself at those x that lie before the table: -t·Φ(-t) = -e^(-t²/2)·(1/√2π + z·P(z)), z = t^-2, degree 4 (2^-27.6).
    private readonly struct GeluBeforeTable : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V>
        {
            // beyond 14.6 the unit is 0
            V half = V.Constant(-0.5), t = V.Min(-x, V.Constant(14.6)), square = t * t, z = V.Constant(1) / square;
            var tail = z * Polynomial.At(z, -0.398940682, 1.19617951, -5.89034796, 35.5481377, -157.248367);
            V limit = V.Constant(RootTwoPiInverse), sum = limit + tail, rest = tail - (sum - limit) - V.Constant(1.13351701e-08);
            return V.Select(V.Less(x, V.Constant(-NormalTable.End)), -ExpTimes(half * square, half * V.ProductError(t, t, square), sum, rest), y);
        }
    }

    // Φ(-t) = e^(High + Low)·Inverse·Scaled, t = Size.
    private struct NormalTail<V>
        where V : struct, IFloatLanes<V>
    {
        public V Size;
        public V High;
        public V Low;
        public V Inverse;
        public ScaledTail<V> Scaled;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static NormalTail<V> At(V t)
        {
            // beyond, t·Φ(-t) is 0
            t = V.Min(t, V.Constant(14.6, 38.7));
            V half = V.Constant(-0.5), square = t * t;
            var pole = Pole<V>.At(t, V.Constant(4.5, 5.5));
            var q = pole.Place(t);
            return new()
            {
                Size = t,
                High = half * square,
                Low = V.MultiplyAdd(half, V.ProductError(t, t, square), pole.Lost),
                Inverse = pole.Inverse,
                Scaled = ScaledTail<V>.Of(
                    V.ByPrecision<NormalScaled>(q.High),
                    new() { High = V.Constant(-0.640257776, -0.68518342057433801), Low = V.Constant(1.55309217e-08, -3.7208346280274738e-17) },
                    new() { High = V.Constant(0.763230503, 0.77376963427640677), Low = V.Constant(2.63647649e-08, -6.3152683241618278e-18) },
                    q),
            };
        }
    }

    // c + q·(b + q·p) in two words, all but the rounding of p; b and c are in two words too, or half a unit of theirs would stay.
    private struct ScaledTail<V>
        where V : struct, IFloatLanes<V>
    {
        public V High;
        public V Low;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ScaledTail<V> Of(V p, TwoWords<V> b, TwoWords<V> c, TwoWords<V> place)
        {
            var q = place.High;
            V inner = V.MultiplyAdd(q, p, b.High), innerLow = V.MultiplyAdd(q, p, b.High - inner) + b.Low;
            V product = q * inner, sum = c.High + product;

            // the slope in q, b + 2·q·p + …, near enough for its low word
            var rest = V.MultiplyAdd(place.Low, V.MultiplyAdd(q, p, inner), V.MultiplyAdd(q, innerLow, V.ProductError(q, inner, product) + c.Low));
            rest += product - (sum - c.High);

            // the place's low word can make rest some units of the sum, which ExpTimes would not multiply by its e^r
            var high = sum + rest;
            return new() { High = high, Low = rest - (high - sum) };
        }

        // this·(factor + rest)·e^(high + low)
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly V Times(V factor, V rest, V high, V low)
        {
            var product = factor * High;
            return ExpTimes(high, low, product, V.MultiplyAdd(factor, Low, V.MultiplyAdd(rest, High, V.ProductError(factor, High, product))));
        }
    }

    // -|u| = High + Low, t = Size.
    private struct LogisticTail<V>
        where V : struct, IFloatLanes<V>
    {
        public V Size;
        public V High;
        public V Low;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static LogisticTail<V> At(V t)
        {
            // beyond, t·e^(-|u|) is 0
            t = V.Min(t, V.Constant(10.8, 21.9));
            V linear = V.Constant(-RootEightOverPi), cubic = V.Constant(-RootEightOverPiCubic);
            var square = t * t;
            var cube = cubic * square;
            var cubeLow = V.ProductError(cubic, square, cube) + V.MultiplyAdd(cubic, V.ProductError(t, t, square), V.Constant(-2.3988324e-09, 6.175149918155315e-19) * square);
            var sum = linear + cube;
            var back = sum - linear;
            var sumLow = linear - (sum - back) + (cube - back) + (cubeLow + V.Constant(4.53406804e-08, 9.9693088091109202e-17));
            var high = t * sum;
            return new() { Size = t, High = high, Low = V.MultiplyAdd(t, sumLow, V.ProductError(t, sum, high)) };
        }
    }

    // 1 / (t + a), and what it lacks of that, relative.
    private struct Pole<V>
        where V : struct, IFloatLanes<V>
    {
        public V Inverse;
        public V Lost;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Pole<V> At(V t, V a)
        {
            V one = V.Constant(1), sum = t + a, inverse = one / sum;
            var lost = t - (sum - a);
            return new() { Inverse = inverse, Lost = -V.MultiplyAdd(lost, inverse, V.ProductError(inverse, sum, one)) };
        }

        // 2t / (t + a) - 1 in two words
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TwoWords<V> Place(V t)
        {
            V one = V.Constant(1), two = t + t, twice = two * Inverse, high = twice - one;
            return new() { High = high, Low = twice - (high + one) + V.MultiplyAdd(twice, Lost, V.ProductError(two, Inverse, twice)) };
        }
    }

    // ((t + a)·½·e^(t²/2)·erfc(t/√2) - its value and slope at x = 0) / x² for x = (t - a) / (t + a)
    private readonly struct NormalScaled : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.446452528, -0.253141373, 0.111382306, -0.0338763185, 0.00422380585, 0.00177148439,
                -0.000907878508, -3.36820485e-05, 8.10610727e-05);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.53559648906249469, -0.3670490652936198, 0.21787243285795865,
                -0.10970308995871804, 0.045097580814909846, -0.013923510565679842, 0.0024429826743509199, 0.00026960400086796591,
                -0.00032452265083227246, 7.141485108809009e-05, 1.6319979446997469e-05, -1.2118899612763113e-05, 4.4635258601770975e-07,
                1.4838661124464512e-06, -2.6777516848572223e-07, -1.7759580462487521e-07, 5.0250658716797451e-08, 2.293986830355843e-08,
                -5.6525666710664979e-09, -2.5799184469081e-09);
    }
}
