using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using static Noether.Kernels.Tests.Rows.LaneArrays;

namespace Noether.Kernels.Tests.Rows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class LongRowKernelTests(string lane) : KernelFixture(lane)
{
    private const double Epsilon = 1e-2;

    // Quads; elements with a last part that is shorter; strided neighbours.
    private static readonly int[][] Sizes = [[16400, 1], [16387, 1], [16390, 3]];

    [TestCaseSource(nameof(Sizes))]
    public void Functions_agree_with_the_plain_loops(int n, int inner)
    {
        if (HasShuffles) Functions<ShuffleJoin>(n, inner);
        else Functions<SharedJoin>(n, inner);
    }

    [Test]
    public void Normalisations_agree_with_the_plain_loops([Values(16400, 16387)] int n)
    {
        if (HasShuffles) Normalise<ShuffleJoin>(n, n % 2 == 0);
        else Normalise<SharedJoin>(n, n % 2 == 0);
    }

    [TestCase(16400, 1, 0.0)]
    [TestCase(16387, 2, 0.2)]
    public void Losses_agree_with_the_plain_loops(int n, int inner, double smoothing)
    {
        if (HasShuffles) Losses<ShuffleJoin>(n, inner, smoothing);
        else Losses<SharedJoin>(n, inner, smoothing);
    }

    [Test]
    public void Infinite_and_undefined_elements_keep_their_meaning_in_any_part()
    {
        const int n = 16400;
        double least = double.NegativeInfinity, most = double.PositiveInfinity;
        Check(least, 0, least, least, double.NaN); // all of them
        Check(least, 700, -700, -700, 1); // whole parts of -∞
        Check(0, n - 1, most, most, double.NaN);
        Check(least, n - 1, most, most, double.NaN);
        Check(0, 9000, double.NaN, double.NaN, double.NaN);

        void Check(double all, int at, double one, double sum, double share)
        {
            var x = Of<Float32Lane>([.. Enumerable.Range(0, n).Select(i => i == at ? one : all)]);
            var kernel = new LongRowKernel<Float32Lane, SharedJoin>(Accelerator);
            ArrayView<Float32Lane> from = Upload(x), y = Allocate<Float32Lane>(n), log = Allocate<Float32Lane>(1);
            var sizes = kernel.Sizes(from, from, y, 1, n, 1);
            var scratch = Allocate<PowerSums<Float32Lane>>(sizes.Partials);
            kernel.LogSumExp(Stream, from, log, sizes, scratch);
            kernel.Softmax(Stream, from, y, sizes, scratch);
            Assert.That(Numbers(Download(log))[0], Is.EqualTo(sum));
            Assert.That(Numbers(Download(y))[at], Is.EqualTo(share));
        }
    }

    private void Functions<TJoin>(int n, int inner)
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(n * inner, 0), g = Values(n * inner, 1), weights = Array.ConvertAll(x, v => v / n);
        double[] Line(double[] from, int i) => [.. Enumerable.Range(0, n).Select(j => from[j * inner + i])];
        double[] PerRow(Func<int, double> of) => [.. Enumerable.Range(0, inner).Select(of)];
        double[] Each(Func<int, double> of) => [.. Enumerable.Range(0, n * inner).Select(of)];
        var logs = PerRow(i => Math.Log(Line(x, i).Sum(Math.Exp)));
        var products = PerRow(i => Line(weights, i).Zip(Line(g, i), (a, b) => a * b).Sum());
        var sums = PerRow(i => Line(g, i).Sum());

        var kernel = new LongRowKernel<Float32Lane, TJoin>(Accelerator);
        ArrayView<Float32Lane> from = Upload(Of<Float32Lane>(x)), along = Upload(Of<Float32Lane>(g)), y = Allocate<Float32Lane>(x.Length), log = Allocate<Float32Lane>(inner);
        var sizes = kernel.Sizes(from, along, y, inner, n, inner);
        Assert.That(sizes.Parts, Is.GreaterThan(1));
        ArrayView<PowerSums<Float32Lane>> powers = Allocate<PowerSums<Float32Lane>>(sizes.Partials);
        var scratch = Allocate<Float32Lane>(sizes.Partials);
        kernel.LogSumExp(Stream, from, log, sizes, powers);
        AssertClose(Download(log), logs, "log-sum-exp");
        kernel.Softmax(Stream, from, y, sizes, powers);
        Assert.That(Numbers(Download(y)), Is.EqualTo(Each(i => Math.Exp(x[i] - logs[i % inner]))).Within(1e-9)); // of 1e-3 at most
        kernel.LogSoftmax(Stream, from, y, sizes, powers);
        AssertClose(Download(y), Each(i => x[i] - logs[i % inner]), "log-softmax");
        kernel.SoftmaxGradient(Stream, Upload(Of<Float32Lane>(weights)), along, y, sizes, scratch);
        Assert.That(Numbers(Download(y)), Is.EqualTo(Each(i => weights[i] * (g[i] - products[i % inner]))).Within(1e-8));
        kernel.LogSoftmaxGradient(Stream, Upload(Of<Float32Lane>(weights)), along, y, sizes, scratch);
        AssertClose(Download(y), Each(i => g[i] - Math.Exp(weights[i]) * sums[i % inner]), "gradient of log-softmax");
    }

    private void Normalise<TJoin>(int n, bool weighted)
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(n, 0), w = Values(n, 1), b = Values(n, 2), g = Values(n, 3);
        double mean = x.Average(), scale = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + Epsilon);
        var along = g.Select((v, j) => weighted ? v * w[j] : v).ToArray();
        var across = along.Select((v, j) => v * (x[j] - mean) * scale).Average();
        var values = x.Select((v, j) => (v - mean) * scale * (weighted ? w[j] : 1) + (weighted ? b[j] : 0)).ToArray();
        var gradient = x.Select((v, j) => scale * (along[j] - along.Average() - (v - mean) * scale * across)).ToArray();

        ArrayView<Float32Lane> from = Upload(Of<Float32Lane>(x)), weight = weighted ? Upload(Of<Float32Lane>(w)) : default, bias = weighted ? Upload(Of<Float32Lane>(b)) : default;
        ArrayView<Float32Lane> y = Allocate<Float32Lane>(n), means = Allocate<Float32Lane>(1), variances = Allocate<Float32Lane>(1), scales = Allocate<Float32Lane>(1);
        var kernel = new LongRowNormKernel<Float32Lane, TJoin>(Accelerator);
        var sizes = kernel.Sizes(from, y, weighted ? weight : from, weighted ? bias : from, 1, n);
        Assert.That(sizes.Parts, Is.GreaterThan(1));
        new MomentsKernel<Float32Lane, TJoin>(Accelerator).Launch(Stream, from, means, variances, n, sizes, Allocate<Moments<Float32Lane>>(sizes.Partials));
        kernel.Normalize(Stream, from, weight, bias, y, means, variances, scales, Epsilon, sizes);
        AssertClose(Download(scales), [scale], "scales");
        AssertClose(Download(y), values, "values");
        kernel.Gradient(Stream, from, means, scales, weight, Upload(Of<Float32Lane>(g)), y, sizes, Allocate<GradientSums<Float32Lane>>(sizes.Partials));
        AssertClose(Download(y), gradient, "dx");
    }

    private void Losses<TJoin>(int n, int inner, double smoothing)
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(n * inner, 0), losses = new double[inner], sums = new double[inner];
        var classes = Enumerable.Range(0, inner).Select(i => i == 1 ? n : n - 3).ToArray(); // n is read as the last
        for (var i = 0; i < inner; i++)
        {
            var line = Enumerable.Range(0, n).Select(j => x[j * inner + i]).ToArray();
            sums[i] = Math.Log(line.Sum(Math.Exp));
            losses[i] = (1 - smoothing) * (sums[i] - line[Math.Min(classes[i], n - 1)]) + smoothing * (sums[i] - line.Average());
        }

        var kernel = new LongCrossEntropyKernel<Float32Lane, TJoin>(Accelerator);
        ArrayView<Float32Lane> from = Upload(Of<Float32Lane>(x)), loss = Allocate<Float32Lane>(inner), sum = Allocate<Float32Lane>(inner);
        var sizes = kernel.Sizes(from, inner, n, inner);
        Assert.That(sizes.Parts, Is.GreaterThan(1));
        CrossEntropyRule rule = new() { Smoothing = smoothing, Ignored = -100 };
        kernel.Losses(Stream, from, Upload(classes), default, loss, sum, rule, n, inner, sizes, Allocate<PowerSums<Float32Lane>>(sizes.Partials));
        AssertClose(Download(sum), sums, "sums");
        AssertClose(Download(loss), losses, "losses");
    }
}
