using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using static Noether.Kernels.Tests.Rows.LaneArrays;

namespace Noether.Kernels.Tests.Rows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class RowNormKernelTests(string lane) : KernelFixture(lane)
{
    private const double Epsilon = 1e-2;

    // Several rows a warp; one element; quads; a group a row, by elements and by quads; columns that are cut.
    private static readonly int[][] Sizes = [[3, 5], [5, 1], [4, 72], [2, 1027], [3, 2052], [700, 3]];

    [TestCaseSource(nameof(Sizes))]
    public void Values_means_and_scales_agree_with_the_plain_loop(int rows, int n)
    {
        Normalize<Float32Lane>(rows, n, weighted: true);
        Normalize<Float32Lane>(rows, n, weighted: false);
        Normalize<Float64Lane>(rows, n, weighted: true);
    }

    [TestCaseSource(nameof(Sizes))]
    public void Gradients_agree_with_the_plain_loop(int rows, int n)
    {
        Differentiate<Float32Lane>(rows, n, weighted: true);
        Differentiate<Float64Lane>(rows, n, weighted: false);
    }

    [Test]
    public void A_not_a_number_spoils_its_row_alone()
    {
        var x = Values(30, 0);
        x[13] = double.NaN;
        var y = Allocate<Float32Lane>(30);
        new RowNormKernel<Float32Lane, SharedJoin>(Accelerator).Normalize(
            Stream, Upload(Of<Float32Lane>(x)), default, default, y, Allocate<Float32Lane>(3), Allocate<Float32Lane>(3), Epsilon, 10);
        Assert.That(Numbers(Download(y)).Select(double.IsNaN), Is.EqualTo(Enumerable.Range(0, 30).Select(i => i / 10 == 1)));
    }

    [Test]
    public void A_far_mean_costs_no_digits_of_the_variance()
    {
        // Σ x² - n·mean² would leave nothing of a variance of 1.25 beside a mean of 2²⁰.
        var x = Enumerable.Range(0, 64).Select(i => 1048576.0 + i % 4).ToArray();
        var scales = Allocate<Float32Lane>(1);
        new RowNormKernel<Float32Lane, SharedJoin>(Accelerator).Normalize(
            Stream, Upload(Of<Float32Lane>(x)), default, default, Allocate<Float32Lane>(64), Allocate<Float32Lane>(1), scales, 0, 64);
        Assert.That(Numbers(Download(scales))[0], Is.EqualTo(1 / Math.Sqrt(1.25)).Within(1e-6));
    }

    [Test]
    public void No_rows_have_gradients_of_zero_for_weight_and_bias()
    {
        ArrayView<Float64Lane> none = Allocate<Float64Lane>(0), dw = Upload(Of<Float64Lane>([1, 2, 3])), db = Upload(Of<Float64Lane>([1, 2, 3]));
        var kernel = new GradientSumsKernel<Float64Lane, SharedJoin>(Accelerator);
        var sizes = kernel.Columns(none, none, none, none, 0, 3);
        kernel.LaunchColumns(Stream, none, none, none, none, dw, db, sizes, Allocate<GradientSums<Float64Lane>>(sizes.AllPartials));
        Assert.That(Numbers(Download(dw)).Concat(Numbers(Download(db))), Is.All.Zero);
    }

    private void Normalize<V>(int rows, int n, bool weighted)
        where V : unmanaged, IFloatLanes<V>
    {
        if (HasShuffles) Normalize<V, ShuffleJoin>(rows, n, weighted);
        else Normalize<V, SharedJoin>(rows, n, weighted);
    }

    private void Normalize<V, TJoin>(int rows, int n, bool weighted)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(rows * n, 0), w = Values(n, 1), b = Values(n, 2);
        var (means, scales) = Moments(x, rows, n);
        var expected = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var value = (x[i] - means[i / n]) * scales[i / n];
            expected[i] = weighted ? value * w[i % n] + b[i % n] : value;
        }

        ArrayView<V> y = Allocate<V>(x.Length), mean = Allocate<V>(rows), scale = Allocate<V>(rows);
        new RowNormKernel<V, TJoin>(Accelerator).Normalize(
            Stream, Upload(Of<V>(x)), weighted ? Upload(Of<V>(w)) : default, weighted ? Upload(Of<V>(b)) : default, y, mean, scale, Epsilon, n);
        AssertClose(Download(mean), means, "means");
        AssertClose(Download(scale), scales, "scales");
        AssertClose(Download(y), expected, "values");
    }

    private void Differentiate<V>(int rows, int n, bool weighted)
        where V : unmanaged, IFloatLanes<V>
    {
        if (HasShuffles) Differentiate<V, ShuffleJoin>(rows, n, weighted);
        else Differentiate<V, SharedJoin>(rows, n, weighted);
    }

    private void Differentiate<V, TJoin>(int rows, int n, bool weighted)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(rows * n, 0), w = Values(n, 1), g = Values(rows * n, 3);
        var (means, scales) = Moments(x, rows, n);
        double[] dx = new double[x.Length], dw = new double[n], db = new double[n];
        for (var r = 0; r < rows; r++)
        {
            double Normalised(int j) => (x[r * n + j] - means[r]) * scales[r];
            double Along(int j) => g[r * n + j] * (weighted ? w[j] : 1);
            double along = Enumerable.Range(0, n).Sum(Along) / n, across = Enumerable.Range(0, n).Sum(j => Along(j) * Normalised(j)) / n;
            for (var j = 0; j < n; j++)
            {
                dx[r * n + j] = scales[r] * (Along(j) - along - Normalised(j) * across);
                dw[j] += g[r * n + j] * Normalised(j);
                db[j] += g[r * n + j];
            }
        }

        ArrayView<V> from = Upload(Of<V>(x)), mean = Upload(Of<V>(means)), scale = Upload(Of<V>(scales)), cotangent = Upload(Of<V>(g));
        ArrayView<V> gradient = Allocate<V>(x.Length), ofWeight = Allocate<V>(n), ofBias = Allocate<V>(n);
        new RowNormKernel<V, TJoin>(Accelerator).Gradient(Stream, from, mean, scale, weighted ? Upload(Of<V>(w)) : default, cotangent, gradient, n);
        AssertClose(Download(gradient), dx, "dx");
        var kernel = new GradientSumsKernel<V, TJoin>(Accelerator);
        var sizes = kernel.Columns(from, cotangent, mean, scale, rows, n);
        kernel.LaunchColumns(Stream, from, cotangent, mean, scale, ofWeight, ofBias, sizes, Allocate<GradientSums<V>>(sizes.AllPartials));
        AssertClose(Download(ofWeight), dw, "dw");
        AssertClose(Download(ofBias), db, "db");
    }

    private static (double[] Means, double[] Scales) Moments(double[] x, int rows, int n)
    {
        var means = Enumerable.Range(0, rows).Select(r => x.Skip(r * n).Take(n).Average()).ToArray();
        var scales = Enumerable.Range(0, rows).Select(r => 1 / Math.Sqrt(x.Skip(r * n).Take(n).Average(v => (v - means[r]) * (v - means[r])) + Epsilon)).ToArray();
        return (means, scales);
    }
}
