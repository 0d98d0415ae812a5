using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

/// <summary>An angle as quarter turns and a rest of at most an eighth turn: <c>x = Quarters·π/2 + Rest</c> (up to whole turns).</summary>
/// <remarks>
/// Near: Cody and Waite with π/2 in four words, the first three so short that their products with the count are exact.
/// Far: Payne and Hanek. x·(2/π) is summed over chunks of the bits of 2/π, each product exact, each shorn of its whole turns, in two words.
/// </remarks>
internal struct Angle<V>
    where V : struct, IFloatLanes<V>
{
    // Up to here the count of quarter turns has at most 11 bits in float32 and 25 in float64, which leaves 13 and 28 for a word of π/2.
    // The four words then miss π/2 by so little that the rest of even the nearest number to a multiple of π/2 is right.
    private const double SingleNear = 3000;
    private const double DoubleNear = 5e7;

    public V Quarters;

    public V Rest;

    /// <summary>What <see cref="Rest"/> lacks: less than a rounding of it where it is not small, and a few percent where it nearly vanishes.</summary>
    public V Low;

    /// <summary>Mask of the angles that need <see cref="Far"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V IsFar(V x) => V.Less(V.Constant(SingleNear, DoubleNear), V.Abs(x));

    /// <summary>Right where no angle is far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Angle<V> Near(V x)
    {
        var quarters = V.Round(x * V.Constant(0.6366197723675814));
        var minus = -quarters;
        var rest = V.MultiplyAdd(minus, V.Constant(1.570556640625, 1.570796325802803), x);
        rest = V.MultiplyAdd(minus, V.Constant(0.0002396702766418457, 9.920935739593517e-10), rest);
        V third = V.Constant(1.5890691429376602e-08, 5.721188709663575e-18), fourth = V.Constant(2.563344151594519e-12, 1.6446256936324258e-26);
        var before = rest;
        rest = V.MultiplyAdd(minus, third, before);
        return new() { Quarters = quarters, Rest = rest, Low = V.MultiplyAdd(minus, fourth, V.MultiplyAdd(minus, third, before - rest)) };
    }

    /// <summary>Right for every finite angle. Not worth inlining on the host: rarely run, and long.</summary>
    public static Angle<V> Far(V x)
    {
        var turns = Turns.Of(x);
        if (V.IsSingle)
        {
            // 192 bits: 128 before the point for the largest x, 24 for the result, 40 for cancellation
            turns = turns.Then(0xA2F).Then(0x983).Then(0x6E4).Then(0xE44);
            turns = turns.Then(0x152).Then(0x9FC).Then(0x275).Then(0x7D1);
            turns = turns.Then(0xF53).Then(0x4DD).Then(0xC0D).Then(0xB62);
            turns = turns.Then(0x959).Then(0x93C).Then(0x439).Then(0x041);
        }
        else
        {
            // 1152 bits: 1024 before the point for the largest x, 53 for the result, 75 for cancellation
            turns = turns.Then(0xA2F983).Then(0x6E4E44).Then(0x1529FC).Then(0x2757D1);
            turns = turns.Then(0xF534DD).Then(0xC0DB62).Then(0x95993C).Then(0x439041);
            turns = turns.Then(0xFE5163).Then(0xABDEBB).Then(0xC561B7).Then(0x246E3A);
            turns = turns.Then(0x424DD2).Then(0xE00649).Then(0x2EEA09).Then(0xD1921C);
            turns = turns.Then(0xFE1DEB).Then(0x1CB129).Then(0xA73EE8).Then(0x8235F5);
            turns = turns.Then(0x2EBB44).Then(0x84E99C).Then(0x7026B4).Then(0x5F7E41);
            turns = turns.Then(0x3991D6).Then(0x398353).Then(0x39F49C).Then(0x845F8B);
            turns = turns.Then(0xBDF928).Then(0x3B1FF8).Then(0x97FFDE).Then(0x05980F);
            turns = turns.Then(0xEF2F11).Then(0x8B5A0A).Then(0x6D1F6D).Then(0x367ECF);
            turns = turns.Then(0x27CB09).Then(0xB74F46).Then(0x3F669E).Then(0x5FEA2D);
            turns = turns.Then(0x7527BA).Then(0xC7EBE5).Then(0xF17B3D).Then(0x0739F7);
            turns = turns.Then(0x8A5292).Then(0xEA6BFB).Then(0x5FB11F).Then(0x8D5D08);
        }

        var quarters = V.Round(turns.SumHigh);
        var fraction = turns.SumHigh - quarters;
        var high = fraction + turns.SumLow;
        var low = turns.SumLow - (high - fraction);
        var halfPi = V.Constant(1.5707963267948966);
        var halfPiLow = V.Constant(-4.3711390001862426e-08, 6.123233995736766e-17);
        var product = high * halfPi;
        var lower = V.ProductError(high, halfPi, product) + V.MultiplyAdd(high, halfPiLow, low * halfPi);
        var rest = product + lower;
        var lost = lower - (rest - product);
        var near = Near(x);
        var far = IsFar(x);
        return new() { Quarters = V.Select(far, quarters, near.Quarters), Rest = V.Select(far, rest, near.Rest), Low = V.Select(far, lost, near.Low) };
    }

    // x in two halves, weighted for the next chunk, and the sum so far of quarter turns in two words.
    private struct Turns
    {
        public V High;
        public V Low;
        public V SumHigh;
        public V SumLow;

        public static Turns Of(V x)
        {
            // weighted first, so that rounding the half of the largest number does not overflow
            var weight = V.Constant(1.0 / 4096, 1.0 / 16777216);
            var high = V.High(x * weight);
            return new() { High = high, Low = x * weight - high, SumHigh = V.Constant(0), SumLow = V.Constant(0) };
        }

        public readonly Turns Then(double chunk)
        {
            var bits = V.Constant(chunk);
            var weight = V.Constant(1.0 / 4096, 1.0 / 16777216);
            var sum = Plus(Modulo4(High * bits)).Plus(Modulo4(Low * bits));
            return new() { High = High * weight, Low = Low * weight, SumHigh = sum.SumHigh, SumLow = sum.SumLow };
        }

        private readonly Turns Plus(V t)
        {
            var sum = SumHigh + t;
            var back = sum - SumHigh;
            var low = SumLow + (SumHigh - (sum - back) + (t - back));
            var high = sum + low;
            return new() { SumHigh = high, SumLow = low - (high - sum) };
        }

        private static V Modulo4(V t) => V.MultiplyAdd(V.Round(t * V.Constant(0.25)), V.Constant(-4), t);
    }
}
