using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using static Noether.Kernels.Tests.Rows.LaneArrays;

namespace Noether.Kernels.Tests.Rows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class CrossEntropyKernelTests(string lane) : KernelFixture(lane)
{
    private const int Ignored = -100;

    // Several rows a warp; one class; quads; a group a row, by elements and by quads; strided; stripes.
    private static readonly int[][] Sizes = [[3, 5, 1], [4, 1, 1], [4, 72, 1], [2, 1027, 1], [2, 1064, 1], [2, 6, 3], [1, 3, 33]];

    [TestCaseSource(nameof(Sizes))]
    public void Losses_and_sums_agree_with_the_plain_loop(int outer, int n, int inner)
    {
        Check<Float32Lane>(outer, n, inner, smoothing: 0, wide: true);
        Check<Float64Lane>(outer, n, inner, smoothing: 0.2, wide: false);
    }

    [Test]
    public void A_class_outside_is_read_as_the_nearest_and_has_no_gradient_of_its_own()
    {
        double[] x = [1, 2, 4, 1, 2, 4];
        var log = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(4));
        ArrayView<Float64Lane> losses = Allocate<Float64Lane>(2), sums = Allocate<Float64Lane>(2), dx = Allocate<Float64Lane>(6);
        var kernel = new CrossEntropyKernel<Float64Lane, SharedJoin>(Accelerator);
        CrossEntropyRule rule = new() { Ignored = Ignored };
        kernel.Losses(Stream, Upload(Of<Float64Lane>(x)), Upload(-3, 7), default, losses, sums, rule, 3, 1);
        AssertClose(Download(losses), [log - 1, log - 4], "losses");
        kernel.Gradient(Stream, Upload(Of<Float64Lane>(x)), Upload(-3, 7), default, sums, Upload(Of<Float64Lane>([1, 1])), dx, rule, 3, 1);
        AssertClose(Download(dx), Array.ConvertAll(x, v => Math.Exp(v - log)), "dx");
    }

    [Test]
    public void Infinite_and_undefined_logits_keep_their_meaning()
    {
        double least = double.NegativeInfinity, most = double.PositiveInfinity;
        ArrayView<Float32Lane> losses = Allocate<Float32Lane>(4), sums = Allocate<Float32Lane>(4);
        new CrossEntropyKernel<Float32Lane, SharedJoin>(Accelerator).Losses(
            Stream, Upload(Of<Float32Lane>([least, 1, most, 1, double.NaN, 1, least, 1])), Upload(0, 1, 0, 1), default, losses, sums, new() { Ignored = Ignored }, 2, 1);
        Assert.That(Numbers(Download(sums)), Is.EqualTo([1, most, double.NaN, 1]));
        Assert.That(Numbers(Download(losses)), Is.EqualTo([most, most, double.NaN, 0]));
    }

    private void Check<V>(int outer, int n, int inner, double smoothing, bool wide)
        where V : unmanaged, IFloatLanes<V>
    {
        if (HasShuffles) Check<V, ShuffleJoin>(outer, n, inner, smoothing, wide);
        else Check<V, SharedJoin>(outer, n, inner, smoothing, wide);
    }

    private void Check<V, TJoin>(int outer, int n, int inner, double smoothing, bool wide)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        var rows = outer * inner;
        double[] x = Values(rows * n, 0), c = Values(rows, 1), losses = new double[rows], sums = new double[rows], dx = new double[x.Length];
        var classes = Enumerable.Range(0, rows).Select(r => r % 3 == 2 ? Ignored : r * 5 % n).ToArray();
        for (var r = 0; r < rows; r++)
        {
            int At(int j) => (r / inner * n + j) * inner + r % inner;
            var line = Enumerable.Range(0, n).Select(j => x[At(j)]).ToArray();
            sums[r] = Math.Log(line.Sum(v => Math.Exp(v - line.Max()))) + line.Max();
            if (classes[r] == Ignored) continue;
            losses[r] = (1 - smoothing) * (sums[r] - line[classes[r]]) + smoothing * (sums[r] - line.Average());
            for (var j = 0; j < n; j++)
                dx[At(j)] = c[r] * (Math.Exp(line[j] - sums[r]) - smoothing / n - (j == classes[r] ? 1 - smoothing : 0));
        }

        ArrayView<V> from = Upload(Of<V>(x)), loss = Allocate<V>(rows), sum = Allocate<V>(rows), gradient = Allocate<V>(x.Length);
        ArrayView<int> narrow = wide ? default : Upload(classes);
        ArrayView<long> full = wide ? Upload(Array.ConvertAll(classes, t => (long)t)) : default;
        CrossEntropyRule rule = new() { Smoothing = smoothing, Ignored = Ignored };
        var kernel = new CrossEntropyKernel<V, TJoin>(Accelerator);
        kernel.Losses(Stream, from, narrow, full, loss, sum, rule, n, inner);
        AssertClose(Download(sum), sums, "sums");
        AssertClose(Download(loss), losses, "losses");
        kernel.Gradient(Stream, from, narrow, full, sum, Upload(Of<V>(c)), gradient, rule, n, inner);
        AssertClose(Download(gradient), dx, "dx");
    }
}
