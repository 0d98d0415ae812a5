using Noether.Kernels.Factorisations;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests.Factorisations;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class TriangularSolveKernelTests(string lane) : KernelFixture(lane)
{
    private readonly bool isSimulated = lane == "Simulator";

    [Test]
    public void The_product_gives_the_right_side_back([Values] bool lower, [Values] bool transposed, [Values] bool unitDiagonal)
    {
        AssertSolves(5, 3, lower, transposed, unitDiagonal);
        if (!isSimulated) AssertSolves(64, 5, lower, transposed, unitDiagonal);
    }

    [TestCase(1, 1)]
    [TestCase(9, 1)]
    [TestCase(4, 16)]
    [TestCase(3, 37)]
    [TestCase(33, 50)]
    public void Of_any_sizes(int n, int k)
    {
        if (isSimulated && n > 9) Assert.Ignore("too large for the simulator");
        AssertSolves(n, k, lower: true, transposed: false, unitDiagonal: false);
    }

    [Test]
    public void From_a_zero_on_the_diagonal_on_all_is_NaN()
    {
        double nan = double.NaN;
        Assert.That(Solve64([2, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], [2, 1, 1, 1, 2, 3], 3, 1, true, false, false), Is.EqualTo(new[] { 1, nan, nan, 1, 2, 3 }));
    }

    private void AssertSolves(int n, int k, bool lower, bool transposed, bool unitDiagonal)
    {
        const int Matrices = 2;
        // What is not to be read is NaN. Off the diagonal below 1/n, so that solutions stay of the order of one.
        double[] t =
        [
            .. from m in Enumerable.Range(0, Matrices)
               from i in Enumerable.Range(0, n)
               from j in Enumerable.Range(0, n)
               select i == j ? unitDiagonal ? double.NaN : 1.5 + Math.Cos(m + i) / 2 : i > j == lower ? Math.Sin(1 + m + i * 7 + j * 3) / n : double.NaN,
        ];
        double[] expected = [.. Enumerable.Range(0, Matrices * n * k).Select(i => Math.Sin(i * 1.3))];
        var b = new double[expected.Length];
        for (var m = 0; m < Matrices; m++)
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                {
                    if (i != j && i > j == (lower == transposed)) continue;
                    var factor = i == j && unitDiagonal ? 1 : t[m * n * n + (transposed ? j * n + i : i * n + j)];
                    for (var c = 0; c < k; c++) b[(m * n + i) * k + c] += factor * expected[(m * n + j) * k + c];
                }

        Assert.That(Solve64(t, b, n, k, lower, transposed, unitDiagonal), Is.EqualTo(expected).Within(1e-14));
        Assert.That(Solve32(t, b, n, k, lower, transposed, unitDiagonal).Select(x => (double)x), Is.EqualTo(expected).Within(4e-6));
    }

    private double[] Solve64(double[] t, double[] b, int n, int k, bool lower, bool transposed, bool unitDiagonal)
    {
        var x = Allocate<double>(b.Length);
        new TriangularSolveKernel<Float64Lane, Rows64>(Accelerator).Launch(
            Stream, Upload(t).Cast<Float64Lane>(), Upload(b).Cast<Float64Lane>(), x.Cast<Float64Lane>(), n, k, lower, transposed, unitDiagonal);
        return Download(x);
    }

    private float[] Solve32(double[] t, double[] b, int n, int k, bool lower, bool transposed, bool unitDiagonal)
    {
        var x = Upload(Array.ConvertAll(b, value => (float)value));
        var (triangles, lanes) = (Upload(Array.ConvertAll(t, value => (float)value)).Cast<Float32Lane>(), x.Cast<Float32Lane>());
        if (n <= 32) new TriangularSolveKernel<Float32Lane, Rows32>(Accelerator).Launch(Stream, triangles, lanes, lanes, n, k, lower, transposed, unitDiagonal);
        else new TriangularSolveKernel<Float32Lane, Rows64>(Accelerator).Launch(Stream, triangles, lanes, lanes, n, k, lower, transposed, unitDiagonal);
        return Download(x);
    }
}
