using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests;

/// <summary>
/// Every unary function at every float32 there is, against float64's own formula, which the quick tests hold to fifty-digit values: a few
/// minutes, by hand. <c>NOETHER_LANES_WIDTH</c> = 256 or 128 chooses narrower registers than the machine's widest.
/// </summary>
[Explicit("two thousand million points a function: some twenty seconds each")]
[Category("Slow")]
[NonParallelizable]
public sealed class EveryFloatTests
{
    private const int Chunk = 4096;

    [Test]
    public void Exponential() => Check<Exp>(1.1);

    [Test]
    public void Exponential_minus_one() => Check<Expm1>(1.6);

    [Test]
    public void Logarithm() => Check<Log>(1);

    [Test]
    public void Logarithm_of_one_plus() => Check<Log1p>(1.1);

    [Test]
    public void Sine() => Check<Sin>(1.9);

    [Test]
    public void Cosine() => Check<Cos>(1.9);

    [Test]
    public void Tangent() => Check<Tan>(2.9);

    [Test]
    public void Hyperbolic_sine() => Check<Sinh>(2);

    [Test]
    public void Hyperbolic_cosine() => Check<Cosh>(2);

    [Test]
    public void Hyperbolic_tangent() => Check<Tanh>(2);

    [Test]
    public void Logistic_function() => Check<Sigmoid>(1.6);

    [Test]
    public void Softplus_function() => Check<Softplus>(2);

    [Test]
    public void Error_function() => Check<Erf>(2);

    [Test]
    public void Complementary_error_function() => Check<Erfc>(1.6);

    [Test]
    public void Inverse_error_function() => Check<ErfInverse>(2.1);

    [Test]
    public void Gaussian_linear_unit() => Check<Gelu>(1.8);

    [Test]
    public void Gaussian_linear_unit_by_tanh() => Check<GeluTanh>(2);

    [Test]
    public void Arc_sine() => Check<Asin>(2);

    [Test]
    public void Arc_cosine() => Check<Acos>(2);

    [Test]
    public void Arc_tangent() => Check<Atan>(1.5);

    [Test]
    public void Inverse_hyperbolic_sine() => Check<Asinh>(2);

    [Test]
    public void Inverse_hyperbolic_cosine() => Check<Acosh>(2);

    [Test]
    public void Inverse_hyperbolic_tangent() => Check<Atanh>(2);

    [Test]
    public void Cube_root() => Check<Cbrt>(1);

    /// <summary>Every positive float32, and to each one exponent, drawn so that the powers fill the whole range of float32.</summary>
    [Test]
    public void Power() => Check<Pow>(1.2);

    private static void Check<F>(double bound)
        where F : struct, IFunction
    {
        var width = Environment.GetEnvironmentVariable("NOETHER_LANES_WIDTH");
        var (worst, where) = width == "128" || !Vector256.IsHardwareAccelerated ? Worst<F, FloatLanes128<float>>()
            : width == "256" || !Vector512.IsHardwareAccelerated ? Worst<F, FloatLanes256<float>>()
            : Worst<F, FloatLanes512<float>>();
        TestContext.Out.WriteLine($"{typeof(F).Name}: {worst:F3} ulp at {where:R}");
        Assert.That(worst, Is.LessThanOrEqualTo(bound), $"{typeof(F).Name}({where:R})");
    }

    // The largest error in ulp of the right value, infinite where exactly one of the two is NaN.
    private static (double Worst, float Where) Worst<F, V>()
        where F : struct, IFunction
        where V : struct, IFloatLanes<V>, IVectorLanes<V, float>
    {
        var gate = new Lock();
        var (worst, where) = (0.0, 0f);
        Parallel.For(0, 1 << 12, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, part =>
        {
            float[] x = new float[Chunk], second = new float[Chunk], y = new float[Chunk];
            double[] errors = new double[Chunk];
            for (var chunk = 0; chunk < 1 << 8; chunk++)
            {
                var first = ((uint)part << 20) + (uint)(chunk * Chunk);
                for (var i = 0; i < Chunk; i++) x[i] = BitConverter.UInt32BitsToSingle(first + (uint)i);
                if (F.HasPower) Powers(first, x, second);
                Values<F, V>(x, second, y);
                var most = Vector512.IsHardwareAccelerated
                    ? Compare<F, FloatLanes512<double>>(x, second, y, errors)
                    : Compare<F, FloatLanes128<double>>(x, second, y, errors);
                if (most <= Volatile.Read(ref worst)) continue;
                lock (gate)
                {
                    if (most > worst) (worst, where) = (most, x[Array.IndexOf(errors, most)]);
                }
            }
        });
        return (worst, where);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Values<F, V>(float[] x, float[] second, float[] y)
        where F : struct, IFunction
        where V : struct, IFloatLanes<V>, IVectorLanes<V, float>
    {
        for (var i = 0; i < x.Length; i += V.Count) V.Store(F.Of(V.Load(in x[i]), V.Load(in second[i])), ref y[i]);
    }

    // |y - the right value| in units of float32 at the right value (below the normal numbers, in the subnormals' unit), and the largest of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Compare<F, V>(float[] x, float[] second, float[] y, double[] errors)
        where F : struct, IFunction
        where V : struct, IFloatLanes<V>, IVectorLanes<V, double>
    {
        var most = V.Constant(0);
        for (var i = 0; i < x.Length; i += V.Count)
        {
            V top = V.Constant(3.402823669209385e38), least = V.Constant(1.1754943508222875e-38); // 2^128, which ∞ stands for, and 2^-126
            var right = F.Of(LaneConversion.Load<V, double, float>(in x[i]), LaneConversion.Load<V, double, float>(in second[i]));
            var value = LaneConversion.Load<V, double, float>(in y[i]);
            V a = V.Max(-top, V.Min(value, top)), b = V.Max(-top, V.Min(right, top));
            var exponent = V.Min(V.Exponent(V.Max(V.Abs(b), least)), V.Constant(127));
            var error = V.Scale(V.Abs(a - b), V.Constant(23) - exponent);
            V valued = V.Equal(value, value), expected = V.Equal(right, right);
            error = V.Select(V.MaskAnd(valued, expected), error, V.Select(V.MaskOr(valued, expected), V.Constant(double.PositiveInfinity), V.Constant(0)));
            V.Store(error, ref errors[i]);
            most = V.Max(most, error);
        }

        Span<double> lanes = stackalloc double[V.Count];
        V.Store(most, ref lanes[0]);
        var largest = lanes[0];
        foreach (var lane in lanes) largest = Math.Max(largest, lane);
        return largest;
    }

    // An exponent for each x: the logarithm that the power shall have, by a hash of x from -104 to 89, over that of x.
    private static void Powers(uint seed, float[] x, float[] y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var hash = (seed + (uint)i) * 0x9E3779B97F4A7C15ul;
            hash = (hash ^ hash >> 29) * 0xBF58476D1CE4E5B9ul;
            y[i] = (float)((Math.ScaleB(hash >> 11, -53) * 193 - 104) / Math.Log(Math.Abs(x[i])));
        }
    }

    private interface IFunction
    {
        static virtual bool HasPower => false;

        static abstract V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V>;
    }

    private readonly struct Pow : IFunction
    {
        public static bool HasPower => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Pow(x, y);
    }

    private readonly struct Exp : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Exp(x);
    }

    private readonly struct Expm1 : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Expm1(x);
    }

    private readonly struct Log : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Log(x);
    }

    private readonly struct Log1p : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Log1p(x);
    }

    private readonly struct Sin : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Sin(x);
    }

    private readonly struct Cos : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Cos(x);
    }

    private readonly struct Tan : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Tan(x);
    }

    private readonly struct Sinh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Sinh(x);
    }

    private readonly struct Cosh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Cosh(x);
    }

    private readonly struct Tanh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Tanh(x);
    }

    private readonly struct Sigmoid : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Sigmoid(x);
    }

    private readonly struct Softplus : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Softplus(x);
    }

    private readonly struct Erf : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Erf(x);
    }

    private readonly struct Erfc : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Erfc(x);
    }

    private readonly struct ErfInverse : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.ErfInverse(x);
    }

    private readonly struct Asin : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Asin(x);
    }

    private readonly struct Acos : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Acos(x);
    }

    private readonly struct Atan : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Atan(x);
    }

    private readonly struct Asinh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Asinh(x);
    }

    private readonly struct Acosh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Acosh(x);
    }

    private readonly struct Atanh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Atanh(x);
    }

    private readonly struct Cbrt : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Cbrt(x);
    }

    private readonly struct Gelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.Gelu(x);
    }

    private readonly struct GeluTanh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x, V y)
            where V : struct, IFloatLanes<V> => Elementary.GeluTanh(x);
    }
}
