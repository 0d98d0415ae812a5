using System.Globalization;
using System.Reflection;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests;

/// <summary>Accuracy of the elementary functions on every lane, in units in the last place (ulp), and their special values.</summary>
public sealed class ElementaryTests
{
    private const double Inf = double.PositiveInfinity;

    private static readonly Type[] SingleLanes = [typeof(FloatLanes512<float>), typeof(FloatLanes256<float>), typeof(FloatLanes128<float>), typeof(Float32Lane)];
    private static readonly Type[] DoubleLanes = [typeof(FloatLanes512<double>), typeof(FloatLanes256<double>), typeof(FloatLanes128<double>), typeof(Float64Lane)];

    // The largest errors seen in float32 and float64 over the points below and some 125,000 of the fixture's kind, rounded up.
    private static readonly (string Name, double Single, double Twice, Func<double, double>? Reference)[] Functions =
    [
        ("Exp", 1.1, 1.1, Math.Exp),
        ("Expm1", 1.5, 2, x => Math.Abs(x) < 1e-4 ? x + x * x / 2 + x * x * x / 6 : Math.Exp(x) - 1),
        ("Log", 1, 1, Math.Log),
        ("Log1p", 1, 1, Log1p),
        ("Sin", 1.6, 1.6, Math.Sin),
        ("Cos", 1.6, 1.6, Math.Cos),
        ("Tan", 1.5, 2.7, Math.Tan),
        ("Asin", 1.8, 1.5, Math.Asin),
        ("Acos", 1.2, 1.2, Math.Acos),
        ("Atan", 1.5, 1.5, Math.Atan),
        ("Sinh", 1.5, 1.5, Math.Sinh),
        ("Cosh", 1.5, 1.5, Math.Cosh),
        ("Tanh", 1.5, 2.5, Math.Tanh),
        ("Asinh", 1.8, 1.5, x => Math.Abs(x) < 1e-3 ? x - x * x * x / 6 : Math.Asinh(x)),
        ("Acosh", 1.8, 1.5, Math.Acosh),
        ("Atanh", 1.8, 1.6, x => Math.Abs(x) < 1e-3 ? x + x * x * x / 3 : Math.Atanh(x)),
        ("Erf", 1.3, 1.5, null),
        ("Erfc", 1.6, 1.8, null),
        ("ErfInverse", 2, 2.3, null),
        ("Sigmoid", 1.6, 1.6, x => 1 / (1 + Math.Exp(-x))),
        ("Softplus", 1.9, 1.9, null),
        ("Gelu", 1.8, 1.8, null),
        ("GeluTanh", 1.9, 1.9, null),
        ("Cbrt", 0.8, 0.7, Math.Cbrt),
        ("Atan2", 2.1, 2, null),
        ("Pow", 1.2, 1.2, null),
    ];

    public static IEnumerable<TestCaseData> InSingle => Functions.Select(f => new TestCaseData(f.Name, f.Single, f.Reference).SetArgDisplayNames(f.Name));

    public static IEnumerable<TestCaseData> InDouble => Functions.Select(f => new TestCaseData(f.Name, f.Twice).SetArgDisplayNames(f.Name));

    private static readonly Dictionary<string, List<(double X, double Y, double Value)>> Fixture = ReadFixture();

    [TestCaseSource(nameof(InDouble))]
    public void Float64_is_within_its_error_of_fifty_digit_values(string name, double bound)
    {
        // the fixture's values are rounded, which adds half a unit
        var rows = Fixture[name];
        Assert.That(rows, Has.Count.GreaterThan(50));
        double[] x = [.. rows.Select(row => row.X)], y = [.. rows.Select(row => row.Y)], right = [.. rows.Select(row => row.Value)];
        foreach (var lanes in DoubleLanes)
        {
            var result = Apply(name, lanes, x, y);
            for (var i = 0; i < x.Length; i++)
            {
                var ulps = Math.Abs(result[i] - right[i]) / (Math.BitIncrement(Math.Abs(right[i])) - Math.Abs(right[i]));
                Assert.That(ulps, Is.LessThanOrEqualTo(bound + 0.5), $"{name}({x[i]:R}, {y[i]:R}) = {result[i]:R} on {lanes}, expected {right[i]:R}");
            }
        }
    }

    [TestCaseSource(nameof(InSingle))]
    public void Float32_is_within_its_error_over_all_exponents(string name, double bound, Func<double, double>? reference)
    {
        // float64's own formula, right by the test above, stands for those that the framework lacks
        var (x, y) = Sweep();
        var right = reference is null
            ? Apply(name, typeof(Float64Lane), [.. x.Select(v => (double)v)], [.. y.Select(v => (double)v)])
            : [.. x.Select(v => reference(v))];
        foreach (var lanes in SingleLanes)
        {
            var result = Apply(name, lanes, x, y);
            for (var i = 0; i < x.Length; i++)
            {
                if (double.IsNaN(right[i]) && float.IsNaN(result[i])) continue;
                var rounded = MathF.Abs((float)right[i]);
                if (float.IsInfinity(rounded) && result[i] == (float)right[i]) continue;
                var ulp = (double)MathF.BitIncrement(rounded) - rounded;
                if (float.IsInfinity(result[i]) && rounded == float.MaxValue) continue;
                Assert.That(Math.Abs(result[i] - right[i]) / ulp, Is.LessThanOrEqualTo(bound), $"{name}({x[i]:R}, {y[i]:R}) = {result[i]:R} on {lanes}, expected {right[i]:R}");
            }
        }
    }

    // Both cross zero, and below 0 are a difference of larger terms: the error is counted in ulp of 1 or of those terms, at most 40 here.
    [Test]
    public void Gamma_functions_are_within_a_few_roundings_of_their_terms([Values("LogGamma", "Digamma")] string name)
    {
        foreach (var (x, _, value) in Fixture[name])
        {
            var size = Math.Max(Math.Abs(value), 1) + (x < 0 ? 40 : 0);
            foreach (var lanes in DoubleLanes)
                Assert.That(Apply(name, lanes, [x], [0.0])[0], Is.EqualTo(value).Within(6 * size * Math.ScaleB(1, -53)), $"{name}({x:R}) on {lanes}");

            // x rounds first, and moves the result by as much as its slope
            if (Math.Abs(x) > 1e30 || x < 0) continue;
            var single = (float)x;
            var right = Apply(name, typeof(Float64Lane), [(double)single], [0.0])[0];
            foreach (var lanes in SingleLanes)
                Assert.That((double)Apply(name, lanes, [single], [0f])[0], Is.EqualTo(right).Within(10 * Math.Max(Math.Abs(right), 1) * Math.ScaleB(1, -24)), $"{name}({single:R}) on {lanes}");
        }
    }

    [Test]
    public void Special_values_are_those_of_C([Values] bool single)
    {
        double nan = double.NaN, tiny = single ? float.Epsilon : double.Epsilon, pi = Math.PI;
        (string Name, double X, double Y, double Expected)[] cases =
        [
            ("Exp", Inf, 0, Inf), ("Exp", -Inf, 0, 0), ("Exp", nan, 0, nan), ("Exp", 0, 0, 1), ("Exp", 1000, 0, Inf), ("Exp", -1000, 0, 0),
            ("Expm1", Inf, 0, Inf), ("Expm1", -Inf, 0, -1), ("Expm1", nan, 0, nan), ("Expm1", -0.0, 0, -0.0), ("Expm1", tiny, 0, tiny),
            ("Log", 0, 0, -Inf), ("Log", -0.0, 0, -Inf), ("Log", -1, 0, nan), ("Log", Inf, 0, Inf), ("Log", -Inf, 0, nan), ("Log", nan, 0, nan), ("Log", 1, 0, 0),
            ("Log1p", -1, 0, -Inf), ("Log1p", -2, 0, nan), ("Log1p", Inf, 0, Inf), ("Log1p", -0.0, 0, -0.0), ("Log1p", nan, 0, nan), ("Log1p", tiny, 0, tiny),
            ("Sin", -0.0, 0, -0.0), ("Sin", Inf, 0, nan), ("Sin", nan, 0, nan), ("Cos", -Inf, 0, nan), ("Cos", 0, 0, 1), ("Tan", -0.0, 0, -0.0), ("Tan", Inf, 0, nan),
            ("Asin", 1.5, 0, nan), ("Asin", -0.0, 0, -0.0), ("Asin", 1, 0, pi / 2), ("Acos", 1, 0, 0), ("Acos", -1, 0, pi), ("Acos", -1.5, 0, nan), ("Acos", nan, 0, nan),
            ("Atan", Inf, 0, pi / 2), ("Atan", -Inf, 0, -pi / 2), ("Atan", -0.0, 0, -0.0), ("Atan", nan, 0, nan),
            ("Atan2", 0, 0, 0), ("Atan2", 0, -0.0, pi), ("Atan2", -0.0, -0.0, -pi), ("Atan2", -0.0, 1, -0.0), ("Atan2", 1, 0, pi / 2), ("Atan2", -1, -0.0, -pi / 2),
            ("Atan2", Inf, Inf, pi / 4), ("Atan2", Inf, -Inf, 3 * pi / 4), ("Atan2", 1, -Inf, pi), ("Atan2", -1, Inf, -0.0), ("Atan2", nan, 1, nan), ("Atan2", 1, nan, nan),
            ("Atan2", tiny, tiny, pi / 4), ("Atan2", Inf, nan, nan),
            ("Sinh", -Inf, 0, -Inf), ("Sinh", -0.0, 0, -0.0), ("Sinh", nan, 0, nan), ("Cosh", -Inf, 0, Inf), ("Cosh", nan, 0, nan), ("Cosh", 0, 0, 1),
            ("Tanh", Inf, 0, 1), ("Tanh", -Inf, 0, -1), ("Tanh", -0.0, 0, -0.0), ("Tanh", nan, 0, nan),
            ("Asinh", Inf, 0, Inf), ("Asinh", -Inf, 0, -Inf), ("Asinh", -0.0, 0, -0.0), ("Asinh", nan, 0, nan),
            ("Acosh", 1, 0, 0), ("Acosh", 0.5, 0, nan), ("Acosh", -3, 0, nan), ("Acosh", Inf, 0, Inf), ("Acosh", nan, 0, nan),
            ("Atanh", 1, 0, Inf), ("Atanh", -1, 0, -Inf), ("Atanh", 2, 0, nan), ("Atanh", -0.0, 0, -0.0), ("Atanh", nan, 0, nan),
            ("Erf", Inf, 0, 1), ("Erf", -Inf, 0, -1), ("Erf", -0.0, 0, -0.0), ("Erf", nan, 0, nan),
            ("Erfc", Inf, 0, 0), ("Erfc", -Inf, 0, 2), ("Erfc", 0, 0, 1), ("Erfc", nan, 0, nan),
            ("ErfInverse", 1, 0, Inf), ("ErfInverse", -1, 0, -Inf), ("ErfInverse", 1.5, 0, nan), ("ErfInverse", -0.0, 0, -0.0), ("ErfInverse", nan, 0, nan),
            ("Sigmoid", Inf, 0, 1), ("Sigmoid", -Inf, 0, 0), ("Sigmoid", 0, 0, 0.5), ("Sigmoid", nan, 0, nan),
            ("Softplus", Inf, 0, Inf), ("Softplus", -Inf, 0, 0), ("Softplus", nan, 0, nan), ("Softplus", 0, 0, Math.Log(2)),
            ("Gelu", Inf, 0, Inf), ("Gelu", -Inf, 0, -0.0), ("Gelu", nan, 0, nan), ("Gelu", -0.0, 0, -0.0), ("Gelu", 1, 0, 0.8413447460685429),
            ("GeluTanh", Inf, 0, Inf), ("GeluTanh", -Inf, 0, -0.0), ("GeluTanh", nan, 0, nan), ("GeluTanh", -0.0, 0, -0.0),
            ("GeluSlope", Inf, 0, 1), ("GeluSlope", -Inf, 0, -0.0), ("GeluSlope", nan, 0, nan), ("GeluSlope", 0, 0, 0.5),
            ("GeluTanhSlope", Inf, 0, 1), ("GeluTanhSlope", -Inf, 0, -0.0), ("GeluTanhSlope", nan, 0, nan), ("GeluTanhSlope", 0, 0, 0.5),
            ("Cbrt", -8, 0, -2), ("Cbrt", Inf, 0, Inf), ("Cbrt", -Inf, 0, -Inf), ("Cbrt", -0.0, 0, -0.0), ("Cbrt", nan, 0, nan),
            ("Pow", 0, 0, 1), ("Pow", nan, 0, 1), ("Pow", 1, nan, 1), ("Pow", nan, 1, nan), ("Pow", 2, nan, nan), ("Pow", -2, 3, -8), ("Pow", -2, 2, 4), ("Pow", -2, 0.5, nan),
            ("Pow", -1, Inf, 1), ("Pow", -1, -Inf, 1), ("Pow", 2, Inf, Inf), ("Pow", 2, -Inf, 0), ("Pow", 0.5, Inf, 0), ("Pow", 0.5, -Inf, Inf),
            ("Pow", 0, -1, Inf), ("Pow", -0.0, -1, -Inf), ("Pow", -0.0, -2, Inf), ("Pow", -0.0, 3, -0.0), ("Pow", 0, 2, 0), ("Pow", 0, -Inf, Inf), ("Pow", 0, Inf, 0),
            ("Pow", Inf, 2, Inf), ("Pow", Inf, -1, 0), ("Pow", -Inf, 3, -Inf), ("Pow", -Inf, 2, Inf), ("Pow", -Inf, -3, -0.0), ("Pow", -Inf, 0.5, Inf), ("Pow", 3, 4, 81),
            ("LogGamma", 1, 0, 0), ("LogGamma", 2, 0, 0), ("LogGamma", 0, 0, Inf), ("LogGamma", -0.0, 0, Inf), ("LogGamma", -3, 0, Inf), ("LogGamma", Inf, 0, Inf),
            ("LogGamma", -Inf, 0, Inf), ("LogGamma", nan, 0, nan), ("LogGamma", 3, 0, Math.Log(2)), ("LogGamma", 0.5, 0, Math.Log(pi) / 2),
            ("Digamma", 0, 0, -Inf), ("Digamma", -0.0, 0, Inf), ("Digamma", -2, 0, nan), ("Digamma", Inf, 0, Inf), ("Digamma", -Inf, 0, nan), ("Digamma", nan, 0, nan),
            ("Pow", -1, nan, nan), ("Pow", 2, 2000, Inf), ("Pow", 2, -2000, 0), ("Pow", 0, nan, nan),
        ];
        foreach (var (name, x, y, expected) in cases)
        {
            var results = single
                ? SingleLanes.Select(lanes => (double)Apply(name, lanes, [(float)x], [(float)y])[0])
                : DoubleLanes.Select(lanes => Apply(name, lanes, [x], [y])[0]);
            foreach (var result in results)
            {
                // where no value is special, the nearest number
                var right = single ? (float)expected : expected;
                var tolerance = double.IsFinite(right) ? (single ? 2.4e-7 : 4.5e-16) * Math.Abs(right) : 0;
                Assert.That(result, Is.EqualTo(right).Within(tolerance), $"{name}({x}, {y})");
                Assert.That(double.IsNaN(right) || double.IsNegative(result) == double.IsNegative(right), $"the sign of {name}({x}, {y}) = {result}");
            }
        }
    }

    [Test]
    public void Huge_angles_are_reduced_exactly()
    {
        // sin 1e22 and sin 2^1023, a classical trap, to 17 digits (1200-bit arithmetic); sin of float32's largest number
        Assert.That(Apply("Sin", typeof(FloatLanes512<double>), [1e22], [0.0])[0], Is.EqualTo(-0.8522008497671888).Within(2).Ulps);
        Assert.That(Apply("Sin", typeof(Float64Lane), [Math.Pow(2, 1023)], [0.0])[0], Is.EqualTo(0.563127779850884).Within(2).Ulps);
        Assert.That(Apply("Sin", typeof(FloatLanes512<float>), [float.MaxValue], [0f])[0], Is.EqualTo(-0.521876514f).Within(2).Ulps);
    }

    // Every exponent of both signs, 40 significands each, and denser where functions bend. y is a small power or a second coordinate.
    private static (float[] X, float[] Y) Sweep()
    {
        var random = new System.Random(5);
        var x = new List<float>();
        for (var exponent = -149; exponent <= 127; exponent++)
        {
            for (var i = 0; i < 40; i++)
                x.Add((float)(Math.ScaleB(1 + random.NextDouble(), exponent) * (1 - 2 * (i & 1))));
        }

        for (var i = 0; i < 20000; i++) x.Add((float)(random.NextDouble() * 12 - 6));
        for (var i = 0; i < 10000; i++) x.Add((float)(random.NextDouble() * 220 - 110));
        for (var i = 0; i < 4000; i++) x.Add((float)(random.NextDouble() * 200000 - 100000));
        var y = x.Select((v, i) => (i & 1) == 0 ? (float)(random.NextDouble() * 20 - 10) : v * (float)(4 * random.NextDouble())).ToArray();
        return ([.. x], y);
    }

    private static T[] Apply<T>(string name, Type lanes, T[] x, T[] y)
        where T : unmanaged =>
        (T[])typeof(ElementaryTests).GetMethod(nameof(Map), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(lanes, typeof(T)).Invoke(null, [name, x, y])!;

    private static T[] Map<V, T>(string name, T[] x, T[] y)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        var method = typeof(Elementary).GetMethod(name)!.MakeGenericMethod(typeof(V));
        var one = method.GetParameters().Length == 1 ? method.CreateDelegate<Func<V, V>>() : null;
        var two = one is null ? method.CreateDelegate<Func<V, V, V>>() : null;
        var padded = (x.Length + V.Count - 1) / V.Count * V.Count;
        T[] left = new T[padded], right = new T[padded], result = new T[padded];
        x.CopyTo(left, 0);
        y.CopyTo(right, 0);
        for (var i = 0; i < padded; i += V.Count)
        {
            var v = V.Load(in left[i]);
            V.Store(one is null ? two!(v, V.Load(in right[i])) : one(v), ref result[i]);
        }

        return result[..x.Length];
    }

    private static double Log1p(double x)
    {
        if (Math.Abs(x) < 1e-4) return x - x * x / 2 + x * x * x / 3;
        return Math.Log(1 + x);
    }

    private static Dictionary<string, List<(double X, double Y, double Value)>> ReadFixture()
    {
        using var stream = typeof(ElementaryTests).Assembly.GetManifestResourceStream("Elementary.float64.txt")!;
        using var reader = new StreamReader(stream);
        var rows = new Dictionary<string, List<(double, double, double)>>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split(' ');
            if (!rows.TryGetValue(parts[0], out var list)) rows[parts[0]] = list = [];
            list.Add((Parse(parts[1]), Parse(parts[2]), Parse(parts[3])));
        }

        return rows;
    }

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
