using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class MomentsTests
{
    private static readonly (int Outer, int N, int Inner)[] Shapes =
    [
        (1, 1, 1), (3, 7, 1), (5, 16, 1), (70, 33, 1), (2, 5000, 1), (1, 200_001, 1), (1, 5, 3), (2, 64, 16), (2, 65, 65), (40, 3, 17), (1, 300, 1500), (0, 3, 2), (2, 3, 0),
    ];

    [Test]
    public void Variances_agree_with_plain_loops_far_from_zero_too([ValueSource(nameof(Shapes))] (int Outer, int N, int Inner) shape, [Values(0, 1000)] double mean)
    {
        // The mean's rounding counts once a squared distance: (1000·2⁻²⁴)² beside a variance of a third.
        Check<float>(shape, mean, mean == 0 ? 2e-6 : 2e-5);
        Check<double>(shape, mean, 1e-12);
    }

    [Test]
    public void Two_threads_give_the_bits_of_one([ValueSource(nameof(Shapes))] (int Outer, int N, int Inner) shape)
    {
        var (outer, n, inner) = shape;
        using Native<float> x = new((long)outer * n * inner, new Random(1)), one = new((long)outer * inner), two = new((long)outer * inner);
        var before = WorkerPool.Shared.Threads;
        WorkerPool.Shared.Threads = 1;
        Moments.Variance(x.Pointer, one.Pointer, outer, n, inner, 3);
        WorkerPool.Shared.Threads = 2;
        Moments.Variance(x.Pointer, two.Pointer, outer, n, inner, 3);
        WorkerPool.Shared.Threads = before;
        Assert.That(two.Span.ToArray(), Is.EqualTo(one.Span.ToArray()));
    }

    [Test]
    public void Nothing_and_too_few_have_no_variance()
    {
        Assert.That(Tensor.Zeros([2, 0]).Var(1).ToArray<float>(), Is.All.NaN);
        Assert.That(Tensor.Zeros([2, 1]).Var(1).ToArray<float>(), Is.All.NaN);
        Assert.That(Tensor.Zeros([2, 1]).Var(1, correction: 0).ToArray<float>(), Is.All.Zero);
        Assert.That(Tensor.From([1f, float.NaN, 2]).Var().Item(), Is.NaN);
    }

    private static void Check<T>((int Outer, int N, int Inner) shape, double mean, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (outer, n, inner) = shape;
        using Native<T> x = new((long)outer * n * inner, new Random(1)), y = new((long)outer * inner);
        foreach (ref var v in x.Span) v += T.CreateTruncating(mean);
        Moments.Variance(x.Pointer, y.Pointer, outer, n, inner, n);
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                var row = Enumerable.Range(0, n).Select(j => double.CreateTruncating(x[((long)o * n + j) * inner + i])).ToArray();
                var average = row.Average();
                Assert.That(double.CreateTruncating(y[o * inner + i]), Is.EqualTo(row.Average(v => (v - average) * (v - average))).Within(tolerance), $"{o}, {i}");
            }
    }
}
