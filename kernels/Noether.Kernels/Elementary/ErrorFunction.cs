using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

// erf x = x + x·p(z), z = x², on |x| ≤ 1: degree 6 (error 2^-29.7) and 12 (2^-62.8).
// Beyond, float32 takes one polynomial of degree 14 on [1, 3.92] (2^-27.2), after which erf rounds to 1, and float64 takes 1 - erfc; float64
// lanes with tables take it from ErrorTable, at a quarter of the cost.
// erfc x = e^(-x²)·H(q) / (x + 3) from ½ on: H = (x + 3)·e^(x²)·erfc x is smooth and q = 2x / (x + 3) - 1 maps the half-line to (-1, 1);
// degree 9 (2^-29.8) and 21 (2^-59.4). x² is carried in two words, as e^(-x²) magnifies its error by x²; what 1 / (x + 3) lost joins them.
// erf⁻¹ x = x·p(w), w = -log(1 - x²), while w is below 5, and x·p(√w) beyond: degree 9 and 10 in float32 (2^-27.4, 2^-29.3), 23, 20 and 22
// in float64 (2^-56.8, 2^-55.4, 2^-54.9). Float64 lanes with tables take all but the ends from InverseErrorTable, without the logarithm.
public static partial class Elementary
{
    /// <summary>The error function, <c>2/√π ∫₀ˣ e^(-t²) dt</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, IFloatLanes<V> => V.ByPrecision<ErfForm>(x);

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

    // erf x of two pieces
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfOfPieces<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var size = V.Abs(x);
        var far = V.ByPrecision<ErfFar>(size);
        return V.Select(V.LessOrEqual(size, V.Constant(1)), ErfNearZero(x), V.CopySign(far, x));
    }

    // -log(1 - x²)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfInversePlace<V>(V x)
        where V : struct, IFloatLanes<V>
    {
        var one = V.Constant(1);
        return -Log((one - x) * (one + x));
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

    private readonly struct ErfForm : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => ErfOfPieces(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => V.ByLookup<ErfByTable>(x);
    }

    private readonly struct ErfByTable : ILookupForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Looked<V>(V x)
            where V : struct, ILookupLanes<V> => V.CopySign(ErrorTable.At(V.Min(V.Abs(x), V.Constant(ErrorTable.End))), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Computed<V>(V x)
            where V : struct, IFloatLanes<V> => ErfOfPieces(x);
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

    private readonly struct ErfInverseForm : IPrecisionForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Single<V>(V x)
            where V : struct, IFloatLanes<V> => V.Apart<ErfInverseSingle>(x, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Twice<V>(V x)
            where V : struct, IFloatLanes<V> => V.ByLookup<ErfInverseByTable>(x);
    }

    private readonly struct ErfInverseSingle : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V>
        {
            var w = ErfInversePlace(x);
            var central = Polynomial.At(
                w, 0.886226892, 0.232013822, 0.0115486542, -0.00233429717, -0.000127480496, 4.4564571e-05, 3.98343491e-06,
                -1.97649456e-06, 2.21033403e-07, -8.79111628e-09);
            var outer = Polynomial.At(
                V.Sqrt(w) - V.Constant(3), 2.83297682, 1.00167525, 0.00944528915, -0.00764279068, 0.00568783656, -0.00356690004, 0.00147462252,
                -0.000120494267, -0.000276747189, 0.000160885407, -2.99425665e-05);
            return x * V.Select(V.Less(w, V.Constant(5)), central, outer);
        }
    }

    private readonly struct ErfInverseByTable : ILookupForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Looked<V>(V x)
            where V : struct, ILookupLanes<V>
        {
            var one = V.Constant(1);
            var u = (one - x) * (one + x);
            var y = x * InverseErrorTable.At(u);
            return V.Any(V.Less(u, V.Constant(InverseErrorTable.Least))) ? V.Apart<ErfInverseBeforeTable>(x, y) : y;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Computed<V>(V x)
            where V : struct, IFloatLanes<V> => V.Apart<ErfInverseBeforeTable>(x, x * V.Apart<ErfInverseCentral>(x, x));
    }

    // erf⁻¹(x) / x for w ≤ 5.6
    private readonly struct ErfInverseCentral : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V>
        {
            var r = ErfInversePlace(x) - V.Constant(2.749999998948624);
            V square = r * r, fifth = square * square * r, eleventh = fifth * fifth * r;
            var upper = Polynomial.At(
                r,
                -2.5645562633843407e-11, 2.2780273146658923e-12, 2.4712588302825295e-13, -7.363281837689179e-14, 3.4891874780675332e-15,
                1.0852041507273264e-15, -1.9351678114548125e-16, -9.541830342506323e-19, 3.9262885897296245e-18, -3.2339168384311193e-19,
                -3.743066709713266e-20, 5.5813363494161756e-21);
            var lower = Polynomial.At(
                r,
                0.24433025902566574, -0.005035975746724084, -0.0010385819190928216, 0.00020906626779564923, -9.486052865044667e-06,
                -2.568835006250124e-06, 4.829530005987699e-07, -8.219306734025614e-09, -8.285176733231797e-09, 1.1138666347755576e-09,
                3.3375564784157466e-11);
            return V.MultiplyAdd(r, V.MultiplyAdd(eleventh, upper, lower), V.Constant(1.562789610977476));
        }
    }

    // erf⁻¹ x where 1 - x² < 2⁻⁸, else y
    private readonly struct ErfInverseBeforeTable : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V>
        {
            var w = ErfInversePlace(x);
            var outer = V.Less(V.Constant(5.545177444479562), w);
            if (!V.Any(outer)) return y;
            var root = V.Sqrt(w);
            var quotient = V.Select(V.Less(root, V.Constant(3.75)), V.Apart<ErfInverseMiddle>(root, root), V.Apart<ErfInverseFar>(root, root));
            return V.Select(outer, x * quotient, y);
        }
    }

    // erf⁻¹(y) / y for x = √w from 2.34 to 3.75
    private readonly struct ErfInverseMiddle : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V>
        {
            var r = x - V.Constant(3.000000000847649);
            V square = r * r, fifth = square * square * r, eleventh = fifth * fifth * r;
            var upper = Polynomial.At(
                r,
                2.193811776961078e-05, -5.9519382802348895e-06, -1.662131584111217e-06, 2.012913075901907e-06, -6.282759252429171e-07,
                -1.03831024651882e-07, 1.5480726232804312e-07, -3.8773700146113737e-08, -1.720010333092404e-09);
            var lower = Polynomial.At(
                r,
                1.0016752767094128, 0.009445521992545346, -0.007643805550789115, 0.005685182403226023, -0.0035587940084276567, 0.0014837373329538168,
                -0.00014889809947715336, -0.00028312429732536284, 0.00020551649440244432, -4.646126225166237e-05, -2.2872241167157087e-05);
            return V.MultiplyAdd(r, V.MultiplyAdd(eleventh, upper, lower), V.Constant(2.83297679957734));
        }
    }

    // and from 3.75 to 6.01, beyond which y rounds to 1
    private readonly struct ErfInverseFar : IApartForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V x, V y)
            where V : struct, IFloatLanes<V>
        {
            var r = x - V.Constant(4.749999999414285);
            V square = r * r, fifth = square * square * r, eleventh = fifth * fifth * r;
            var upper = Polynomial.At(
                r,
                2.9799840173988675e-08, -1.088529043584337e-08, 2.783240036164612e-09, -1.9866062872686306e-10, -2.557554505439524e-10,
                1.7128546108949003e-10, -6.194248153310205e-11, 1.0580309076493616e-11, 2.4198356849891917e-12, -1.842981204441602e-12,
                3.2222817843537225e-13);
            var lower = Polynomial.At(
                r,
                1.010324343922416, 5.441407916088378e-05, -0.0003048908323525673, 0.000105456537777245, -2.8017191581416963e-05,
                6.786249763603653e-06, -1.6850373395685658e-06, 5.226201412801937e-07, -2.3224726357847872e-07, 1.2527725174924757e-07,
                -6.563682716469222e-08);
            return V.MultiplyAdd(r, V.MultiplyAdd(eleventh, upper, lower), V.Constant(4.597326291735332));
        }
    }
}
