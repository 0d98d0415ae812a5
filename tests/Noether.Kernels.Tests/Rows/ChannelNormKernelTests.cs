using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using static Noether.Kernels.Tests.Rows.LaneArrays;

namespace Noether.Kernels.Tests.Rows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ChannelNormKernelTests(string lane) : KernelFixture(lane)
{
    private const double Epsilon = 1e-2;

    // Neighbouring channels; runs shorter than a thread's step; quads; one channel; stripes with a tail; channels that are cut, by elements and quads.
    private static readonly int[][] Sizes = [[5, 2, 1], [2, 3, 7], [3, 3, 4], [3, 1, 6], [40, 33, 1], [7, 2, 301], [3, 2, 3000]];

    [TestCaseSource(nameof(Sizes))]
    public void Values_and_moments_agree_with_the_plain_loop(int images, int channels, int size)
    {
        Normalize<Float32Lane>(images, channels, size);
        Normalize<Float64Lane>(images, channels, size);
    }

    [TestCaseSource(nameof(Sizes))]
    public void Gradients_agree_with_the_plain_loop(int images, int channels, int size)
    {
        Differentiate<Float32Lane>(images, channels, size);
        Differentiate<Float64Lane>(images, channels, size);
    }

    [Test]
    public void Moments_of_a_middle_axis_agree_with_the_plain_loop([Values(1, 3)] int outer, [Values(1, 6, 4100)] int n, [Values(1, 5)] int inner)
    {
        var x = Values(outer * n * inner, 0);
        var variances = new double[outer * inner];
        for (var r = 0; r < variances.Length; r++)
        {
            var line = Enumerable.Range(0, n).Select(j => x[(r / inner * n + j) * inner + r % inner]).ToArray();
            variances[r] = line.Sum(v => (v - line.Average()) * (v - line.Average())) / (n + 1);
        }

        var kernel = new MomentsKernel<Float32Lane, SharedJoin>(Accelerator);
        ArrayView<Float32Lane> from = Upload(Of<Float32Lane>(x)), y = Allocate<Float32Lane>(variances.Length);
        var sizes = kernel.Middle(from, outer, n, inner);
        kernel.Launch(Stream, from, y, y, n + 1, sizes, Allocate<Moments<Float32Lane>>(sizes.Partials));
        AssertClose(Download(y), variances, "variances");
    }

    [Test]
    public void Equal_parts_far_from_zero_have_no_variance()
    {
        const int n = 40000; // several parts on every lane
        var kernel = new MomentsKernel<Float32Lane, SharedJoin>(Accelerator);
        ArrayView<Float32Lane> x = Upload(Of<Float32Lane>([.. Enumerable.Repeat(1048576.0, n)])), mean = Allocate<Float32Lane>(1), variance = Allocate<Float32Lane>(1);
        var sizes = kernel.Middle(x, 1, n, 1);
        Assert.That(sizes.Parts, Is.GreaterThan(1));
        kernel.Launch(Stream, x, mean, variance, n, sizes, Allocate<Moments<Float32Lane>>(sizes.Partials));
        Assert.That(Numbers(Download(mean)), Is.EqualTo([1048576.0]));
        Assert.That(Numbers(Download(variance)), Is.EqualTo([0.0]));
    }

    [Test]
    public void A_not_a_number_spoils_its_channel_alone()
    {
        var x = Values(2 * 3 * 4, 0);
        x[5] = double.NaN;
        var (_, _, y) = Run<Float32Lane>(x, [1, 1, 1], [0, 0, 0], 2, 3, 4);
        Assert.That(Numbers(y).Select(double.IsNaN), Is.EqualTo(Enumerable.Range(0, 24).Select(i => i / 4 % 3 == 1)));
    }

    private (V[] Means, V[] Variances, V[] Y) Run<V>(double[] x, double[] w, double[] b, int images, int channels, int size)
        where V : unmanaged, IFloatLanes<V>
    {
        ArrayView<V> from = Upload(Of<V>(x)), means = Allocate<V>(channels), variances = Allocate<V>(channels), y = Allocate<V>(x.Length);
        if (HasShuffles) Launch(new MomentsKernel<V, ShuffleJoin>(Accelerator));
        else Launch(new MomentsKernel<V, SharedJoin>(Accelerator));
        new ChannelNormKernel<V>(Accelerator).Normalize(Stream, from, Upload(Of<V>(w)), Upload(Of<V>(b)), means, variances, y, Epsilon, images, size);
        return (Download(means), Download(variances), Download(y));

        void Launch<TJoin>(MomentsKernel<V, TJoin> kernel)
            where TJoin : struct, IGroupJoin
        {
            var sizes = kernel.Channels(from, images, channels, size);
            kernel.Launch(Stream, from, means, variances, images * size, sizes, Allocate<Moments<V>>(sizes.Partials));
        }
    }

    private void Normalize<V>(int images, int channels, int size)
        where V : unmanaged, IFloatLanes<V>
    {
        double[] x = Values(images * channels * size, 0), w = Values(channels, 1), b = Values(channels, 2);
        var (means, variances) = Moments(x, channels, size);
        var expected = x.Select((v, i) => (v - means[i / size % channels]) / Math.Sqrt(variances[i / size % channels] + Epsilon) * w[i / size % channels] + b[i / size % channels]).ToArray();
        var (mean, variance, y) = Run<V>(x, w, b, images, channels, size);
        AssertClose(mean, means, "means");
        AssertClose(variance, variances, "variances");
        AssertClose(y, expected, "values");
    }

    private void Differentiate<V>(int images, int channels, int size)
        where V : unmanaged, IFloatLanes<V>
    {
        if (HasShuffles) Differentiate<V, ShuffleJoin>(images, channels, size);
        else Differentiate<V, SharedJoin>(images, channels, size);
    }

    private void Differentiate<V, TJoin>(int images, int channels, int size)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        double[] x = Values(images * channels * size, 0), w = Values(channels, 1), g = Values(x.Length, 3);
        var (means, variances) = Moments(x, channels, size);
        double n = (double)images * size;
        double[] dx = new double[x.Length], dw = new double[channels], db = new double[channels];
        int Channel(int i) => i / size % channels;
        double Scale(int c) => 1 / Math.Sqrt(variances[c] + Epsilon);
        double Normalised(int i) => (x[i] - means[Channel(i)]) * Scale(Channel(i));
        for (var i = 0; i < x.Length; i++)
        {
            dw[Channel(i)] += g[i] * Normalised(i);
            db[Channel(i)] += g[i];
        }

        for (var i = 0; i < x.Length; i++)
            dx[i] = w[Channel(i)] * Scale(Channel(i)) * (g[i] - db[Channel(i)] / n - Normalised(i) * dw[Channel(i)] / n);

        ArrayView<V> from = Upload(Of<V>(x)), along = Upload(Of<V>(g)), mean = Upload(Of<V>(means)), variance = Upload(Of<V>(variances));
        ArrayView<V> gradient = Allocate<V>(x.Length), ofWeight = Allocate<V>(channels), ofBias = Allocate<V>(channels);
        var kernel = new GradientSumsKernel<V, TJoin>(Accelerator);
        var sizes = kernel.Channels(from, along, images, channels, size);
        kernel.LaunchChannels(Stream, from, along, mean, variance, Epsilon, ofWeight, ofBias, sizes, Allocate<GradientSums<V>>(sizes.AllPartials));
        AssertClose(Download(ofWeight), dw, "dw");
        AssertClose(Download(ofBias), db, "db");
        new ChannelNormKernel<V>(Accelerator).Gradient(Stream, from, Upload(Of<V>(w)), mean, variance, along, ofWeight, ofBias, gradient, Epsilon, images, size);
        AssertClose(Download(gradient), dx, "dx");
    }

    private static (double[] Means, double[] Variances) Moments(double[] x, int channels, int size)
    {
        double[] means = new double[channels], variances = new double[channels];
        for (var c = 0; c < channels; c++)
        {
            var own = x.Where((_, i) => i / size % channels == c).ToArray();
            means[c] = own.Average();
            variances[c] = own.Average(v => (v - means[c]) * (v - means[c]));
        }

        return (means, variances);
    }
}
