using System.Numerics;
using Noether.Devices.Host;
using Noether.Kernels.Lanes;

namespace Noether.Tests.Devices.Host;

/// <summary>Kernels over rows, along and across them, at every width and both precisions, against plain loops in float64.</summary>
public unsafe class RowTests
{
    private const double Smoothing = 0.1, Epsilon = 1e-3;
    private const long Ignored = -7;

    private static readonly (int Outer, int N, int Inner)[] Shapes =
    [
        (1, 1, 1), (3, 7, 1), (2, 15, 1), (5, 16, 1), (4, 17, 1), (2, 33, 1), (70, 10, 1), (2, 1000, 1), (1, 9000, 1), (300, 64, 1),
        (2, 5, 3), (1, 70, 16), (2, 9, 19), (40, 3, 100), (0, 3, 2), (3, 0, 1), (3, 0, 2), (2, 3, 0),
    ];

    [Test]
    public void Softmax_and_its_kin_agree_with_plain_loops([ValueSource(nameof(Shapes))] (int Outer, int N, int Inner) shape)
    {
        Everywhere(shape, new PowersCheck());
    }

    [Test]
    public void Cross_entropy_and_its_gradient_agree_with_plain_loops([ValueSource(nameof(Shapes))] (int Outer, int N, int Inner) shape)
    {
        Everywhere(shape, new CrossEntropyCheck());
    }

    [Test]
    public void Layer_norm_and_its_gradient_agree_with_plain_loops([ValueSource(nameof(Shapes))] (int Outer, int N, int Inner) shape)
    {
        if (shape.Inner == 1 && shape.N > 0) Everywhere(shape, new NormCheck());
    }

    [Test]
    public void Infinities_and_not_a_number_spread_over_their_row_only([Values(1, 3)] int inner, [Values(5, 40)] int n)
    {
        foreach (var (value, place) in (from v in (double[])[double.NaN, double.PositiveInfinity] from p in (int[])[0, n / 2, n - 1] select (v, p)))
        {
            using Native<float> x = new(2L * n * inner, new Random(1)), y = new(2L * n * inner), sums = new(2L * inner);
            x[place * inner] = (float)value;
            RowLoop.Run<SoftmaxRows<float>, float>(new(x.Pointer, y.Pointer), 2, n, inner);
            for (var j = 0; j < n; j++) Assert.That(y[j * inner], Is.NaN);
            for (var j = 0; j < n; j++) Assert.That(float.IsFinite(y[(n + j) * inner]));
            RowLoop.Run<LogSumExpRows<float>, float>(new(x.Pointer, sums.Pointer), 2, n, inner);
            Assert.That(sums[0], Is.EqualTo((float)value));
            Assert.That(float.IsFinite(sums[inner]));
            x[1 + place * inner] = inner > 1 ? float.NegativeInfinity : x[1 + place * inner];
        }

        using Native<float> none = new(n * inner), log = new(inner);
        none.Span.Fill(float.NegativeInfinity);
        RowLoop.Run<LogSumExpRows<float>, float>(new(none.Pointer, log.Pointer), 1, n, inner);
        Assert.That(log.Span.ToArray(), Is.All.EqualTo(float.NegativeInfinity));
    }

    [Test]
    public void Two_threads_give_the_bits_of_one()
    {
        const int rows = 500, n = 333;
        using Native<float> x = new(rows * n, new Random(1)), g = new(rows * n, new Random(2)), w = new(n, new Random(3));
        float[] Results(int threads)
        {
            using Native<float> y = new(rows * n), means = new(rows), scales = new(rows), dx = new(rows * n), dw = new(n), db = new(n);
            var before = WorkerPool.Shared.Threads;
            WorkerPool.Shared.Threads = threads;
            RowLoop.Run<NormRows<float>, float>(new(x.Pointer, w.Pointer, w.Pointer, y.Pointer, means.Pointer, scales.Pointer, Epsilon, streams: false), rows, n, 1);
            NormGradient.Run(x.Pointer, means.Pointer, scales.Pointer, w.Pointer, g.Pointer, dx.Pointer, dw.Pointer, db.Pointer, rows, n);
            WorkerPool.Shared.Threads = before;
            return [.. y.Span, .. dx.Span, .. dw.Span, .. db.Span];
        }

        Assert.That(Results(2), Is.EqualTo(Results(1)));
    }

    [Test]
    public void Streamed_results_are_the_stored_ones()
    {
        const int rows = 4100, n = 1024; // 16 MiB and a little
        var random = new Random(1);
        Tensor x = Tensor.From(Enumerable.Range(0, rows * n).Select(_ => random.NextSingle()).ToArray(), [rows, n], Device.Host), w = x[0] + 1, b = x[1];
        var large = Transform.Grad((Tensor v) => (v.LayerNorm(1, w, b) * v).Sum())(x);
        var small = Transform.Grad((Tensor v) => (v.LayerNorm(1, w, b) * v).Sum())(x.Narrow(0, rows - 64, 64));
        Assert.That(large.Narrow(0, rows - 64, 64).ToArray<float>(), Is.EqualTo(small.ToArray<float>()).Within(1e-6)); // two sums in other orders
        Assert.That(x.LayerNorm(1, w, b).Narrow(0, 7, 1).ToArray<float>(), Is.EqualTo(x.Narrow(0, 7, 1).LayerNorm(1, w, b).ToArray<float>()));
    }

    [Test]
    public void A_class_outside_the_axis_is_named()
    {
        Assert.That(() => Tensor.Zeros([2, 3]).CrossEntropy(Tensor.From([0L, 3])).Evaluate(), Throws.TypeOf<AxisException>().With.Message.Contains("class 3").And.Message.Contains("axis of 3"));
        Assert.That(() => Tensor.Zeros([2, 3]).CrossEntropy(Tensor.From([0, -1])).Evaluate(), Throws.TypeOf<AxisException>().With.Message.Contains("class -1"));
    }

    private static void Everywhere<TCheck>((int Outer, int N, int Inner) shape, TCheck check)
        where TCheck : struct, ICheck
    {
        // Sums of up to 9000 terms of either sign, of which a hundredth remains, and the exponential's 2 ulp, in units of the largest value.
        check.Run<FloatLanes512<float>, float>(shape, 1e-5);
        check.Run<FloatLanes256<float>, float>(shape, 1e-5);
        check.Run<FloatLanes128<float>, float>(shape, 1e-5);
        check.Run<FloatLanes512<double>, double>(shape, 3e-14);
        check.Run<FloatLanes256<double>, double>(shape, 3e-14);
        check.Run<FloatLanes128<double>, double>(shape, 3e-14);
    }

    private static void Near<T>(Native<T> actual, double[] expected, double epsilon)
        where T : unmanaged, INumber<T>
    {
        var scale = Math.Max(1, expected.Select(Math.Abs).DefaultIfEmpty().Max());
        for (var i = 0; i < expected.Length; i++)
            Assert.That(double.CreateChecked(actual[i]), Is.EqualTo(expected[i]).Within(epsilon * scale), $"element {i}");
    }

    // The plain reference: a function of each row's values.
    private static double[] OfRows((int Outer, int N, int Inner) shape, double[] x, Func<double[], int, double[]> f)
    {
        var y = new double[x.Length];
        for (var o = 0; o < shape.Outer; o++)
            for (var i = 0; i < shape.Inner; i++)
            {
                var at = Enumerable.Range(0, shape.N).Select(j => (o * shape.N + j) * shape.Inner + i).ToArray();
                var values = f([.. at.Select(a => x[a])], o * shape.Inner + i);
                for (var j = 0; j < shape.N; j++) y[at[j]] = values[j];
            }

        return y;
    }

    private static double[] Doubles<T>(Native<T> x)
        where T : unmanaged, INumber<T> => [.. x.Span.ToArray().Select(double.CreateChecked)];

    private static double LogSum(double[] row) => Math.Log(row.Sum(Math.Exp));

    private static Func<double[], int, double[]> Spread(Func<double, double, double> f) => (row, _) =>
    {
        var sum = LogSum(row);
        return Array.ConvertAll(row, v => f(v, sum));
    };

    private interface ICheck
    {
        void Run<V, T>((int Outer, int N, int Inner) shape, double epsilon)
            where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private readonly struct PowersCheck : ICheck
    {
        public void Run<V, T>((int Outer, int N, int Inner) shape, double epsilon)
            where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var (outer, n, inner) = shape;
            var size = (long)outer * n * inner;
            using Native<T> x = new(size, new Random(1)), g = new(size, new Random(2)), y = new(size), dx = new(size), sums = new((long)outer * inner);
            double[] xs = Doubles(x), gs = Doubles(g);

            RowLoop.Run<SoftmaxRows<T>, V, T>(new(x.Pointer, y.Pointer), outer, n, inner);
            var soft = OfRows(shape, xs, Spread(static (v, sum) => Math.Exp(v - sum)));
            Near(y, soft, epsilon);
            RowLoop.Run<SoftmaxGradientRows<T>, V, T>(new(x.Pointer, g.Pointer, dx.Pointer), outer, n, inner);
            var dots = new double[outer * inner];
            OfRows(shape, [.. xs.Zip(gs, (a, b) => a * b)], (r, row) => Kept(r, dots[row] = r.Sum()));
            Near(dx, [.. xs.Select((v, i) => v * (gs[i] - dots[Row(shape, i)]))], epsilon);

            RowLoop.Run<LogSoftmaxRows<T>, V, T>(new(x.Pointer, y.Pointer), outer, n, inner);
            Near(y, OfRows(shape, xs, Spread(static (v, sum) => v - sum)), epsilon);
            foreach (ref var v in x.Span) v -= T.One; // at most 0, as logarithms of probabilities are
            RowLoop.Run<LogSoftmaxGradientRows<T>, V, T>(new(x.Pointer, g.Pointer, dx.Pointer), outer, n, inner);
            OfRows(shape, gs, (r, row) => Kept(r, dots[row] = r.Sum()));
            Near(dx, [.. gs.Select((v, i) => v - Math.Exp(xs[i] - 1) * dots[Row(shape, i)])], epsilon);

            RowLoop.Run<LogSumExpRows<T>, V, T>(new(x.Pointer, sums.Pointer), outer, n, inner);
            if (n == 0)
            {
                foreach (var v in sums.Span) Assert.That(T.IsNegativeInfinity(v));
                return;
            }

            OfRows(shape, xs, (r, row) => Kept(r, dots[row] = LogSum(r) - 1));
            Near(sums, dots, epsilon);
        }
    }

    private readonly struct CrossEntropyCheck : ICheck
    {
        public void Run<V, T>((int Outer, int N, int Inner) shape, double epsilon)
            where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var (outer, n, inner) = shape;
            if (n == 0) return;
            int size = outer * n * inner, rows = outer * inner;
            using Native<T> x = new(size, new Random(1)), c = new(rows, new Random(2)), losses = new(rows), sums = new(rows), dx = new(size);
            using Native<long> classes = new(rows);
            for (var i = 0; i < rows; i++) classes[i] = i % 5 == 3 ? Ignored : i * 7 % n;
            double[] xs = Doubles(x), cs = Doubles(c), expected = new double[rows];
            foreach (var smoothing in (double[])[0, Smoothing])
            {
                RowLoop.Run<CrossEntropyRows<T>, V, T>(new(x.Pointer, classes.Pointer, losses.Pointer, sums.Pointer, smoothing, Ignored), outer, n, inner);
                OfRows(shape, xs, (r, row) => Kept(r, expected[row] = classes[row] == Ignored
                    ? 0 : (1 - smoothing) * (LogSum(r) - r[classes[row]]) + smoothing * (LogSum(r) - r.Average())));
                Near(losses, expected, epsilon);

                RowLoop.Run<CrossEntropyGradientRows<T>, V, T>(new(x.Pointer, classes.Pointer, sums.Pointer, c.Pointer, dx.Pointer, smoothing, Ignored), outer, n, inner);
                Near(dx, OfRows(shape, xs, (r, row) =>
                {
                    var sum = LogSum(r);
                    return [.. r.Select((v, j) => classes[row] == Ignored ? 0 : cs[row] * (Math.Exp(v - sum) - smoothing / n - (classes[row] == j ? 1 - smoothing : 0)))];
                }), epsilon);
            }
        }
    }

    private readonly struct NormCheck : ICheck
    {
        public void Run<V, T>((int Outer, int N, int Inner) shape, double epsilon)
            where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int rows = shape.Outer, n = shape.N, size = rows * n;
            using Native<T> x = new(size, new Random(1)), w = new(n, new Random(2)), b = new(n, new Random(3)), g = new(size, new Random(4));
            using Native<T> y = new(size), means = new(rows), scales = new(rows), dx = new(size), dw = new(n), db = new(n);
            double[] xs = Doubles(x), gs = Doubles(g), ws = Doubles(w), bs = Doubles(b), normal = new double[size], weights = new double[n], biases = new double[n], gradient = new double[size];
            foreach (var affine in (bool[])[false, true])
            {
                T* weight = affine ? w.Pointer : null, bias = affine ? b.Pointer : null;
                RowLoop.Run<NormRows<T>, V, T>(new(x.Pointer, weight, bias, y.Pointer, means.Pointer, scales.Pointer, Epsilon, streams: false), rows, n, 1);
                NormGradient.Run<V, T>(x.Pointer, means.Pointer, scales.Pointer, weight, g.Pointer, dx.Pointer, dw.Pointer, db.Pointer, rows, n);
                Array.Clear(weights);
                Array.Clear(biases);
                for (var r = 0; r < rows; r++)
                {
                    var row = xs[(r * n)..((r + 1) * n)];
                    double mean = row.Average(), scale = 1 / Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + Epsilon), along = 0, across = 0;
                    for (var j = 0; j < n; j++)
                    {
                        var hat = (row[j] - mean) * scale;
                        var h = gs[r * n + j] * (affine ? ws[j] : 1);
                        normal[r * n + j] = affine ? hat * ws[j] + bs[j] : hat;
                        along += h / n;
                        across += h * hat / n;
                        weights[j] += gs[r * n + j] * hat;
                        biases[j] += gs[r * n + j];
                    }

                    for (var j = 0; j < n; j++)
                        gradient[r * n + j] = scale * (gs[r * n + j] * (affine ? ws[j] : 1) - along - (row[j] - mean) * scale * across);
                }

                // A row of nearly equal values magnifies roundings by r, at most 1/√ε.
                Near(y, normal, 30 * epsilon);
                Near(dx, gradient, 30 * epsilon);
                if (!affine) continue;
                Near(dw, weights, 30 * epsilon);
                Near(db, biases, 30 * epsilon);
            }
        }
    }

    private static int Row((int Outer, int N, int Inner) shape, int i) => i / (shape.N * shape.Inner) * shape.Inner + i % shape.Inner;

    private static double[] Kept(double[] row, double _) => row;
}
