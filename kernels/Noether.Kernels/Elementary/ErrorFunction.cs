using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// erf x = x + x·p(z), z = x², on |x| ≤ 1: degree 6 (error 2^-29.7) and 12 (2^-62.8).
// Beyond, float32 takes one polynomial of degree 14 on [1, 3.92] (2^-27.2), after which erf rounds to 1, and float64 takes 1 - erfc.
// erfc x = e^(-x²)·H(q) / (x + 3) from ½ on: H = (x + 3)·e^(x²)·erfc x is smooth and q = 2x / (x + 3) - 1 maps the half-line to (-1, 1);
// degree 9 (2^-29.8) and 21 (2^-59.4). x² is carried in two words, as e^(-x²) magnifies its error by x²; what 1 / (x + 3) lost joins them.
// erf⁻¹ x = x·p(w), w = -log(1 - x²): two polynomials of degree 9 and 10 or 11 (2^-27.4, 2^-29.3, 2^-22.7); float64 then takes one step of
// Halley's method on erf or erfc, which triples the digits.
public static partial class Elementary
{
    private const double HalfRootPi = 0.886226925452758;

    /// <summary>The error function, <c>2/√π ∫₀ˣ e^(-t²) dt</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var size = V.Abs(x);
        var far = V.ByPrecision<ErfFar>(size);
        return V.Select(V.LessOrEqual(size, V.Constant(1)), ErfNearZero(x), V.CopySign(far, x));
    }

    /// <summary><c>1 - erf x</c>, with full relative accuracy down to the subnormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erfc<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var size = V.Abs(x);
        var far = ErfcFar(size);
        far = V.Select(V.Less(x, V.Constant(0)), V.Constant(2) - far, far);
        return V.Select(V.LessOrEqual(size, V.Constant(0.5)), V.Constant(1) - ErfNearZero(x), far);
    }

    /// <summary>The inverse error function: ±∞ at ±1, NaN beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ErfInverse<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var one = V.Constant(1);
        var size = V.Abs(x);
        var y = V.ByPrecision<ErfInverseForm>(size);
        y = V.Select(V.Equal(size, one), V.Constant(double.PositiveInfinity), y);
        y = V.Select(V.Less(one, size), V.Constant(double.NaN), y);
        return V.Select(V.Equal(x, V.Constant(0)), x, V.CopySign(y, x));
    }

    // erf⁻¹ x for 0 ≤ x < 1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfInverseGuess<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var one = V.Constant(1);
        var w = -Log((one - x) * (one + x));
        var central = Polynomial.At(
            w, 0.886226892, 0.232013822, 0.0115486542, -0.00233429717, -0.000127480496, 4.4564571e-05, 3.98343491e-06,
            -1.97649456e-06, 2.21033403e-07, -8.79111628e-09);
        var outer = V.ByPrecision<ErfInverseOuter>(V.Sqrt(w) - V.Constant(3));
        return x * V.Select(V.Less(w, V.Constant(5)), central, outer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfNearZero<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var z = x * x;
        var p = V.ByPrecision<ErfTail>(z);
        return V.MultiplyAdd(x, p, x);
    }

    // erfc x for x ≥ ½
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfcFar<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        // beyond, the result is 0
        x = V.Min(x, V.Constant(10.1, 27.3));
        var square = x * x;
        var pole = Pole<V>.At(x, V.Constant(3));
        var q = pole.Place(x);
        var scaled = ScaledTail<V>.Of(
            V.ByPrecision<ErfcScaled>(q.High),
            new() { High = V.Constant(-0.88339448, -0.88339445316988363), Low = V.Constant(2.65817032e-08, -3.6073163333425134e-17) },
            new() { High = V.Constant(1.07400692, 1.0740069070883398), Low = V.Constant(-8.00412856e-09, -8.807445678337799e-17) },
            q);
        return scaled.Times(pole.Inverse, V.Constant(0), -square, pole.Lost - V.ProductError(x, x, square));
    }

    // erf √x / √x - 1
    private readonly struct ErfTail : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.128379166, -0.37612626, 0.112836003, -0.0268544424, 0.00518953195, -0.000802082301, 7.88909238e-05);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.12837916709551259, -0.37612638903183748, 0.11283791670954885, -0.026866170645077802, 0.0052239776248277766,
                -0.00085483269813915231, 0.00012055331131828801, -1.4925595747540626e-05, 1.6461008117897715e-06,
                -1.6350392748185617e-07, 1.466030744688233e-08, -1.137488092980293e-09, 5.9605703699309847e-11);
    }

    // erf x for x ≥ 1
    private readonly struct ErfFar : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V>
        {
            var t = V.Min(x, V.Constant(3.92)) - V.Constant(2.46);
            return Polynomial.At(
                t, 0.999496639, 0.00265624048, -0.00653452147, 0.00983241294, -0.00991417095, 0.00679971278, -0.00293721794,
                0.000459060859, 0.000355972996, -0.000299404288, 7.57686503e-05, 2.46261552e-05, -1.73096669e-05, 1.06432722e-07,
                1.09118628e-06);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => V.Constant(1) - ErfcFar(x);
    }

    // ((t + 3)·e^(t²)·erfc t - its value and slope at x = 0) / x² for x = (t - 3) / (t + 3)
    private readonly struct ErfcScaled : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.59022826, -0.310466766, 0.119530492, -0.0268330965, -0.00123454724, 0.00305707753,
                -0.000469775201, -0.000296886545);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 0.59022835710410215, -0.31046726190056428, 0.11952776128726991,
                -0.026827234624593476, -0.0012124166266986381, 0.0030340620029248207, -0.00054830969862272258, -0.00027677785872421605,
                0.00010756154332303887, 3.0398201234178507e-05, -1.7470867576969352e-05, -4.749199734118784e-06, 2.7664293222851928e-06,
                9.9832761299635198e-07, -4.102495113145346e-07, -2.3167098894666114e-07, 4.9151429276839261e-08, 4.7655400529286001e-08,
                -3.3969556620019193e-09, -5.983917023456488e-09);
    }

    // erf⁻¹(y) / y for w = (x + 3)² ≥ 5
    private readonly struct ErfInverseOuter : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 2.83297682, 1.00167525, 0.00944528915, -0.00764279068, 0.00568783656, -0.00356690004, 0.00147462252,
                -0.000120494267, -0.000276747189, 0.000160885407, -2.99425665e-05);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => Polynomial.At(
                x, 2.83297706, 1.00167787, 0.00943627302, -0.00767000951, 0.00574915716, -0.00351128913, 0.00131964753,
                -0.000100533602, -0.000155784306, 7.56896989e-05, -1.48136123e-05, 1.109251e-06);
    }

    private readonly struct ErfInverseForm : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => V.Apart<ErfInverseStart>(x, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V>
        {
            // Halley: with u = (f - target) / f', y - u / (1 + y·u), as f'' / f' = -2y
            var y = V.Apart<ErfInverseStart>(x, x);
            var one = V.Constant(1);
            var error = V.Apart<ErfResidual>(y, x);
            var u = error * V.Constant(HalfRootPi) * Exp(y * y);
            return y - u / V.MultiplyAdd(y, u, one);
        }
    }

    private readonly struct ErfInverseStart : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V> => ErfInverseGuess(x);
    }

    // erf x - y for 0 ≤ y < 1, without cancellation at either end
    private readonly struct ErfResidual : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V> =>
            V.Select(V.Less(y, V.Constant(0.5)), ErfNearZero(x) - y, V.Constant(1) - y - V.Apart<ErfcFarForm>(x, x));
    }

    private readonly struct ErfcFarForm : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V> => ErfcFar(x);
    }
}
