using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using static Noether.Kernels.Tests.Rows.LaneArrays;

namespace Noether.Kernels.Tests.Rows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class LongRowKernelTests(string lane) : KernelFixture(lane)
{
    private const double Epsilon = 1e-2;

    // In quads.
    [Test]
    public void Functions_agree_with_the_plain_loops()
    {
        if (HasShuffles) Functions<ShuffleJoin>(2200);
        else Functions<SharedJoin>(2200);
    }

    // The last part is shorter.
    [Test]
    public void Normalisations_agree_with_the_plain_loops()
    {
        if (HasShuffles) Normalise<ShuffleJoin>(601);
        else Normalise<SharedJoin>(601);
    }

    // Of neighbours, whose elements lie apart.
    [Test]
    public void Losses_agree_with_the_plain_loops()
    {
        if (HasShuffles) Losses<ShuffleJoin>(263, 2, smoothing: 0.2);
        else Losses<SharedJoin>(263, 2, smoothing: 0.2);
    }

    [Test]
    public void Infinite_and_undefined_elements_keep_their_meaning_in_any_part()
    {
        const int n = 263;
        double least = double.NegativeInfinity, most = double.PositiveInfinity;
        (double All, int At, double One, double Sum, double Share)[] rows =
        [
            (least, 0, least, least, double.NaN), // all of them
            (least, 100, -700, -700, 1), // whole parts of -∞
            (0, n - 1, most, most, double.NaN),
            (least, n - 1, most, most, double.NaN),
            (0, 200, double.NaN, double.NaN, double.NaN),
        ];
        var x = Of<Float32Lane>([.. Enumerable.Range(0, n).SelectMany(j => rows.Select(row => j == row.At ? row.One : row.All))]);
        var kernel = Kernels.Get(static accelerator => new LongRowKernel<Float32Lane, SharedJoin>(accelerator));
        ArrayView<Float32Lane> from = Upload(x), y = Allocate<Float32Lane>(x.Length), log = Allocate<Float32Lane>(rows.Length);
        var sizes = Cut(n, rows.Length);
        var scratch = Allocate<PowerSums<Float32Lane>>(sizes.Partials);
        kernel.LogSumExp(Stream, from, log, sizes, scratch);
        kernel.Softmax(Stream, from, y, sizes, scratch);
        var shares = Numbers(Download(y));
        Assert.That(Numbers(Download(log)), Is.EqualTo(rows.Select(static row => row.Sum)));
        Assert.That(rows.Select((row, i) => shares[row.At * rows.Length + i]), Is.EqualTo(rows.Select(static row => row.Share)));
    }

    // As rows too long for one group are: in several parts.
    private FoldSizes Cut(int n, int inner)
    {
        var sizes = FoldSizes.Rows(Accelerator, 1, n, inner, packs: true, longest: 0, items: 1);
        Assert.That(sizes.Parts, Is.GreaterThan(1));
        return sizes;
    }

    // Relative to the largest, however small it is.
    private void AssertNear(ArrayView<Float32Lane> y, double[] expected) =>
        Assert.That(Numbers(Download(y)), Is.EqualTo(expected).Within(Tolerance<Float32Lane>() * expected.Max(Math.Abs)));

    private void Functions<TJoin>(int n)
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(n, 0), g = Values(n, 1), weights = Array.ConvertAll(x, v => v / n);
        double log = Math.Log(x.Sum(Math.Exp)), product = weights.Zip(g, (a, b) => a * b).Sum(), sum = g.Sum();

        var kernel = Kernels.Get(static accelerator => new LongRowKernel<Float32Lane, TJoin>(accelerator));
        ArrayView<Float32Lane> from = Upload(Of<Float32Lane>(x)), weighted = Upload(Of<Float32Lane>(weights)), along = Upload(Of<Float32Lane>(g));
        ArrayView<Float32Lane> y = Allocate<Float32Lane>(n), one = Allocate<Float32Lane>(1);
        var sizes = Cut(n, 1);
        var powers = Allocate<PowerSums<Float32Lane>>(sizes.Partials);
        var scratch = Allocate<Float32Lane>(sizes.Partials);
        kernel.LogSumExp(Stream, from, one, sizes, powers);
        AssertClose(Download(one), [log], "log-sum-exp");
        kernel.Softmax(Stream, from, y, sizes, powers);
        AssertNear(y, Array.ConvertAll(x, v => Math.Exp(v - log)));
        kernel.SoftmaxGradient(Stream, weighted, along, y, sizes, scratch);
        AssertNear(y, [.. weights.Zip(g, (v, d) => v * (d - product))]);
        if (Accelerator.AcceleratorType == AcceleratorType.OpenCL) return; // the same passes, and a second for each kernel where a processor compiles
        kernel.LogSoftmax(Stream, from, y, sizes, powers);
        AssertClose(Download(y), Array.ConvertAll(x, v => v - log), "log-softmax");
        kernel.LogSoftmaxGradient(Stream, weighted, along, y, sizes, scratch);
        AssertClose(Download(y), [.. weights.Zip(g, (v, d) => d - Math.Exp(v) * sum)], "gradient of log-softmax");
    }

    private void Normalise<TJoin>(int n)
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(n, 0), w = Values(n, 1), b = Values(n, 2), g = Values(n, 3);
        double mean = x.Average(), scale = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + Epsilon);
        var along = g.Select((v, j) => v * w[j]).ToArray();
        var across = along.Select((v, j) => v * (x[j] - mean) * scale).Average();
        var values = x.Select((v, j) => (v - mean) * scale * w[j] + b[j]).ToArray();
        var gradient = x.Select((v, j) => scale * (along[j] - along.Average() - (v - mean) * scale * across)).ToArray();

        ArrayView<Float32Lane> from = Upload(Of<Float32Lane>(x)), weight = Upload(Of<Float32Lane>(w)), bias = Upload(Of<Float32Lane>(b));
        ArrayView<Float32Lane> y = Allocate<Float32Lane>(n), means = Allocate<Float32Lane>(1), variances = Allocate<Float32Lane>(1), scales = Allocate<Float32Lane>(1);
        var kernel = Kernels.Get(static accelerator => new LongRowNormKernel<Float32Lane, TJoin>(accelerator));
        var sizes = Cut(n, 1);
        Kernels.Get(static accelerator => new MomentsKernel<Float32Lane, TJoin>(accelerator)).Launch(Stream, from, means, variances, n, sizes, Allocate<Moments<Float32Lane>>(sizes.Partials));
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

        var kernel = Kernels.Get(static accelerator => new LongCrossEntropyKernel<Float32Lane, TJoin>(accelerator));
        ArrayView<Float32Lane> from = Upload(Of<Float32Lane>(x)), loss = Allocate<Float32Lane>(inner), sum = Allocate<Float32Lane>(inner);
        var sizes = Cut(n, inner);
        CrossEntropyRule rule = new() { Smoothing = smoothing, Ignored = -100 };
        kernel.Losses(Stream, from, Upload(classes), default, loss, sum, rule, n, inner, sizes, Allocate<PowerSums<Float32Lane>>(sizes.Partials));
        AssertClose(Download(sum), sums, "sums");
        AssertClose(Download(loss), losses, "losses");
    }
}
