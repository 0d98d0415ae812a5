using System.Numerics;
using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class MatMulKernelTests(string lane) : KernelFixture(lane)
{
    // A sum of k products of numbers in [-1, 1] errs by at most k²·u: 37²·6e-8 = 8e-5 for float32, far less for float64.
    [TestCase(1, 1, 1)]
    [TestCase(16, 16, 16)]
    [TestCase(33, 37, 65)]
    [TestCase(2, 20, 40)]
    public void Products_equal_the_definition(int rows, int inner, int columns)
    {
        AssertEqual<float>(rows, inner, columns, i => MathF.Sin(i), 1e-4);
        AssertEqual(rows, inner, columns, i => Math.Sin(i), 1e-12);
        AssertEqual(rows, inner, columns, i => i % 19 - 9, 0);
        AssertEqual(rows, inner, columns, i => i % 19 - 9L, 0);
    }

    [Test]
    public void An_empty_inner_size_gives_zeros()
    {
        var c = Upload(1f, 2, 3, 4, 5, 6);
        new MatMulKernel<float>(Accelerator).Launch(
            Stream, Allocate<float>(1), MatrixLayout.RowMajor(2, 0), Allocate<float>(1), MatrixLayout.RowMajor(0, 3), c, new() { Rows = 2, Columns = 3 });
        Assert.That(Download(c), Is.All.Zero);
    }

    [Test]
    public void Transposed_reversed_and_broadcast_operands_in_a_batch()
    {
        const int Rows = 3, Inner = 5, Columns = 4, Batch = 3;
        var a = Enumerable.Range(0, Batch * Inner * Rows).ToArray(); // stored [batch, inner, rows]
        var b = Enumerable.Range(0, Inner * Columns).Select(i => i * i % 11).ToArray(); // one for all, its rows read from last to first
        var left = new MatrixLayout { Batch = IndexMap.Create([Batch], [Inner * Rows]), RowStride = 1, ColumnStride = Rows };
        var right = new MatrixLayout { Batch = IndexMap.Create([Batch], [0], (Inner - 1) * Columns), RowStride = -Columns, ColumnStride = 1 };
        var expected = new List<double>();
        var reversed = Enumerable.Range(0, Inner * Columns).Select(i => b[(Inner - 1 - i / Columns) * Columns + i % Columns]).ToArray();
        for (var batch = 0; batch < Batch; batch++)
        {
            var plain = Enumerable.Range(0, Rows * Inner).Select(i => a[(batch * Inner + i % Inner) * Rows + i / Inner]).ToArray();
            expected.AddRange(MatMulKernel<int>.Reference(plain, reversed, Rows, Inner, Columns));
        }

        var c = Allocate<int>(Batch * Rows * Columns);
        new MatMulKernel<int>(Accelerator).Launch(Stream, Upload(a), left, Upload(b), right, c, new() { Rows = Rows, Inner = Inner, Columns = Columns });
        Assert.That(Download(c).Select(value => (double)value), Is.EqualTo(expected));
    }

    private void AssertEqual<T>(int rows, int inner, int columns, Func<int, T> element, double tolerance)
        where T : unmanaged, INumber<T>
    {
        var a = Enumerable.Range(0, rows * inner).Select(element).ToArray();
        var b = Enumerable.Range(3, inner * columns).Select(element).ToArray();
        var c = Allocate<T>(rows * columns);
        new MatMulKernel<T>(Accelerator).Launch(
            Stream, Upload(a), MatrixLayout.RowMajor(rows, inner), Upload(b), MatrixLayout.RowMajor(inner, columns), c,
            new() { Rows = rows, Inner = inner, Columns = columns });
        Assert.That(Download(c).Select(value => double.CreateChecked(value)), Is.EqualTo(MatMulKernel<T>.Reference(a, b, rows, inner, columns)).Within(tolerance));
    }
}
