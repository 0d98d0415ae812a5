using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;

namespace Noether.Kernels.Tests.Rows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class RowKernelTests(string lane) : KernelFixture(lane)
{
    // Threads of a warp, some past the last row; one element; a whole warp and a tail; a group a row; strided; a thread a row.
    private static readonly int[][] Sizes = [[3, 5, 1], [5, 1, 1], [2, 37, 1], [2, 1027, 1], [2, 6, 3], [1, 3, 33]];

    // The sum's rounding and the exponential's, of magnitudes up to 10: 16 ulp of float32.
    private const double Tolerance = 2e-6;

    [TestCaseSource(nameof(Sizes))]
    public void Softmax_agrees_with_the_plain_loop(int outer, int n, int inner) =>
        AssertRows(outer, n, inner, n, (x, _) => Softmax(x), "Softmax");

    [TestCaseSource(nameof(Sizes))]
    public void The_gradient_of_softmax_agrees_with_the_plain_loop(int outer, int n, int inner) =>
        AssertRows(outer, n, inner, n, SoftmaxGradient, "SoftmaxGradient");

    [TestCaseSource(nameof(Sizes))]
    public void Log_softmax_agrees_with_the_plain_loop(int outer, int n, int inner) =>
        AssertRows(outer, n, inner, n, (x, _) => [.. x.Select(v => v - LogSumExp(x))], "LogSoftmax");

    [TestCaseSource(nameof(Sizes))]
    public void The_gradient_of_log_softmax_agrees_with_the_plain_loop(int outer, int n, int inner) =>
        AssertRows(outer, n, inner, n, (y, g) => [.. y.Select((v, j) => g[j] - Math.Exp(v) * g.Sum())], "LogSoftmaxGradient");

    [TestCaseSource(nameof(Sizes))]
    public void Log_sum_exp_agrees_with_the_plain_loop(int outer, int n, int inner) =>
        AssertRows(outer, n, inner, 1, (x, _) => [LogSumExp(x)], "LogSumExp");

    [Test]
    public void Infinite_and_undefined_rows_keep_their_meaning()
    {
        float least = float.NegativeInfinity, most = float.PositiveInfinity;
        var x = Upload(Array.ConvertAll([least, least, 1, most, least, 2, most, float.NaN, 200, 200], Of));
        var y = Allocate<Float32Lane>(5);
        var z = Allocate<Float32Lane>(10);
        var kernel = new RowKernel<Float32Lane, SharedJoin>(Accelerator);
        kernel.LogSumExp(Stream, x, y, 5, 2, 1);
        kernel.Softmax(Stream, x, z, 5, 2, 1);
        Assert.That(Array.ConvertAll(Download(y), v => v.Value), Is.EqualTo([least, most, 2, float.NaN, 200.693147f]).Within(1).Ulps);
        Assert.That(Array.ConvertAll(Download(z), v => v.Value), Is.EqualTo([float.NaN, float.NaN, float.NaN, float.NaN, 0, 1, float.NaN, float.NaN, 0.5f, 0.5f]));
    }

    [Test]
    public void Log_sum_exp_of_nothing_is_minus_infinity()
    {
        var y = Allocate<Float64Lane>(3);
        new RowKernel<Float64Lane, SharedJoin>(Accelerator).LogSumExp(Stream, Allocate<Float64Lane>(0), y, 3, 0, 1);
        Assert.That(Download(y).Select(v => v.Value), Is.All.EqualTo(double.NegativeInfinity));
    }

    private static Float32Lane Of(float value) => new() { Value = value };

    private static double LogSumExp(double[] x) => x.Max() + Math.Log(x.Sum(v => Math.Exp(v - x.Max())));

    private static double[] Softmax(double[] x)
    {
        var log = LogSumExp(x);
        return Array.ConvertAll(x, v => Math.Exp(v - log));
    }

    private static double[] SoftmaxGradient(double[] y, double[] g)
    {
        var sum = y.Zip(g, (a, b) => a * b).Sum();
        return [.. y.Select((v, j) => v * (g[j] - sum))];
    }

    // Values in [-5, 5): as logarithms of weights or as weights, each function takes them.
    private static float Value(int i, int seed) => (((i + 7 * seed) * 37) % 101 - 50) / 10f;

    private void AssertRows(int outer, int n, int inner, int results, Func<double[], double[], double[]> row, string function)
    {
        var x = Enumerable.Range(0, outer * n * inner).Select(i => Value(i, 0)).ToArray();
        var z = Enumerable.Range(0, x.Length).Select(i => Value(i, 1)).ToArray();
        var expected = new double[outer * results * inner];
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                var line = row(Line(x, o, i), Line(z, o, i));
                for (var r = 0; r < results; r++) expected[(o * results + r) * inner + i] = line[r];
            }
        }

        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.That(Result<SharedJoin>(function, x, z, expected.Length, n, inner), Is.EqualTo(expected).Within(Tolerance * scale));
        if (n >= 100 || Accelerator.AcceleratorType == AcceleratorType.OpenCL) return; // shuffles: slow on the simulator, absent on OpenCL's processors
        Assert.That(Result<ShuffleJoin>(function, x, z, expected.Length, n, inner), Is.EqualTo(expected).Within(Tolerance * scale));

        double[] Line(float[] values, int o, int i) => [.. Enumerable.Range(0, n).Select(r => (double)values[(o * n + r) * inner + i])];
    }

    private double[] Result<TJoin>(string function, float[] x, float[] z, int results, int n, int inner)
        where TJoin : struct, IGroupJoin
    {
        var kernel = new RowKernel<Float32Lane, TJoin>(Accelerator);
        var first = Upload(Array.ConvertAll(x, Of));
        var second = Upload(Array.ConvertAll(z, Of));
        var y = Allocate<Float32Lane>(results);
        var rows = x.Length / n;
        switch (function)
        {
            case "Softmax": kernel.Softmax(Stream, first, y, rows, n, inner); break;
            case "SoftmaxGradient": kernel.SoftmaxGradient(Stream, first, second, y, rows, n, inner); break;
            case "LogSoftmax": kernel.LogSoftmax(Stream, first, y, rows, n, inner); break;
            case "LogSoftmaxGradient": kernel.LogSoftmaxGradient(Stream, first, second, y, rows, n, inner); break;
            default: kernel.LogSumExp(Stream, first, y, rows, n, inner); break;
        }

        return Array.ConvertAll(Download(y), v => (double)v.Value);
    }
}
