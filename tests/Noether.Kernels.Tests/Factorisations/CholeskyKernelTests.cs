using Noether.Kernels.Factorisations;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests.Factorisations;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class CholeskyKernelTests(string lane) : KernelFixture(lane)
{
    private readonly bool isSimulated = lane == "Simulator";

    [Test]
    public void The_factor_equals_the_plain_loops([Values(1, 3, 9, 64)] int n)
    {
        if (n == 64 && isSimulated) n = 12;
        var matrices = isSimulated ? 2 : 5;
        var a = Matrices(matrices, n);
        var expected = Reference(a, n);
        Assert.That(Factor64(a, n), Is.EqualTo(expected).Within(1e-13));
        Assert.That(Factor32(a, n).Select(x => (double)x), Is.EqualTo(expected).Within(2e-6)); // rows of 1 + 1/n: some ulps of 1
    }

    [TestCase(0.0)]
    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    public void From_a_pivot_that_is_not_positive_on_all_is_NaN(double pivot)
    {
        // The first matrix fails in row 1, the second is whole.
        double[] a = [4, 0, 0, 2, 1 + pivot, 0, 2, 3, 9, 4, 7, 7, 2, 5, 7, 2, 3, 6];
        double nan = double.NaN;
        Assert.That(Factor64(a, 3), Is.EqualTo(new[] { 2, 0, 0, 1, nan, 0, 1, nan, nan, 2, 0, 0, 1, 2, 0, 1, 1, 2 }));
    }

    [Test]
    public void More_rows_than_shared_memory_holds_are_refused() =>
        Assert.That(() => Factor64(new double[65 * 65], 65), Throws.TypeOf<ArgumentOutOfRangeException>());

    // 1 + 1/n on the diagonal, below 1/n elsewhere: definite, and the triangle above is not to be read.
    private static double[] Matrices(int matrices, int n) =>
    [
        .. from m in Enumerable.Range(0, matrices)
           from i in Enumerable.Range(0, n)
           from j in Enumerable.Range(0, n)
           select i == j ? 1 + 1.0 / n : i > j ? Math.Sin(1 + m + i * 7 + j * 3) / n : double.NaN,
    ];

    private static double[] Reference(double[] a, int n)
    {
        var l = new double[a.Length];
        for (var start = 0; start < a.Length; start += n * n)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    var sum = a[start + i * n + j];
                    for (var k = 0; k < j; k++) sum -= l[start + i * n + k] * l[start + j * n + k];
                    l[start + i * n + j] = i == j ? Math.Sqrt(sum) : sum / l[start + j * n + j];
                }
            }
        }

        return l;
    }

    private double[] Factor64(double[] a, int n)
    {
        var l = Allocate<double>(a.Length);
        new CholeskyKernel<Float64Lane, Rows64>(Accelerator).Launch(Stream, Upload(a).Cast<Float64Lane>(), l.Cast<Float64Lane>(), n);
        return Download(l);
    }

    private float[] Factor32(double[] a, int n)
    {
        var (x, l) = (Upload(Array.ConvertAll(a, value => (float)value)), Allocate<float>(a.Length));
        if (n <= 32) new CholeskyKernel<Float32Lane, Rows32>(Accelerator).Launch(Stream, x.Cast<Float32Lane>(), l.Cast<Float32Lane>(), n);
        else new CholeskyKernel<Float32Lane, Rows64>(Accelerator).Launch(Stream, x.Cast<Float32Lane>(), l.Cast<Float32Lane>(), n);
        return Download(l);
    }
}
