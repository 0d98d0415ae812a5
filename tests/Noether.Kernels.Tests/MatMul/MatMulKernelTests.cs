using System.Numerics;
using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class MatMulKernelTests(string lane) : KernelFixture(lane)
{
    // A sum of k products of numbers in [-1, 1] errs by at most k²·u: 37²·6e-8 = 8e-5 for float32, far less for float64.
    [TestCase(ProductTileKind.Large, false, false)]
    [TestCase(ProductTileKind.Medium, true, true)]
    [TestCase(ProductTileKind.Small, false, true)]
    public void Products_equal_the_definition(ProductTileKind tile, bool isLeftColumnMajor, bool isRightColumnMajor)
    {
        AssertEqual<float>(tile, 33, 37, 65, isLeftColumnMajor, isRightColumnMajor, i => MathF.Sin(i), 1e-4);
        if (!IsInterpreted) AssertEqual<float>(tile, 257, 130, 131, isLeftColumnMajor, isRightColumnMajor, i => MathF.Sin(i), 1e-3);
    }

    [TestCase(ProductTileKind.Large, 128, false, true)]
    [TestCase(ProductTileKind.Medium, 64, false, false)]
    [TestCase(ProductTileKind.Medium, 64, true, true)]
    [TestCase(ProductTileKind.Small, 32, true, false)]
    public void Products_of_whole_tiles_equal_the_definition(ProductTileKind tile, int lines, bool isLeftColumnMajor, bool isRightColumnMajor)
    {
        AssertEqual<float>(tile, lines, 48, lines, isLeftColumnMajor, isRightColumnMajor, i => MathF.Sin(i), 1e-4);
        if (!IsInterpreted) AssertEqual<float>(tile, 9 * lines, 64, 3 * lines, isLeftColumnMajor, isRightColumnMajor, i => MathF.Sin(i), 1e-4);
    }

    [TestCase(1, 1, 1)]
    [TestCase(64, 32, 64)]
    [TestCase(2, 20, 40)]
    public void Products_of_every_type_equal_the_definition(int rows, int inner, int columns)
    {
        AssertEqual(ProductTileKind.Thin, rows, inner, columns, false, false, i => Math.Sin(i), 1e-12);
        AssertEqual(ProductTileKind.Small, rows, inner, columns, true, false, i => Math.Sin(i), 1e-12);
        AssertEqual(ProductTileKind.Small, rows, inner, columns, true, true, i => i % 19 - 9, 0);
        AssertEqual(ProductTileKind.Thin, rows, inner, columns, false, true, i => i % 19 - 9L, 0);
    }

    [Test]
    public void An_empty_inner_size_gives_zeros()
    {
        var c = Upload(1f, 2, 3, 4, 5, 6);
        Launch(ProductTileKind.Small, Allocate<float>(1), MatrixLayout.RowMajor(2, 0), Allocate<float>(1), MatrixLayout.RowMajor(0, 3), c, ProductSizes.Of(2, 0, 3));
        Assert.That(Download(c), Is.All.Zero);
    }

    [Test]
    public void Products_are_added_where_asked([Values(3, 4)] int columns)
    {
        float[] a = [1, 2, 3, 4], b = [.. Enumerable.Range(0, 2 * columns)], before = [.. Enumerable.Range(100, 2 * columns)];
        var c = Upload(before);
        Launch(
            ProductTileKind.Small, Upload(a), MatrixLayout.RowMajor(2, 2), Upload(b), MatrixLayout.RowMajor(2, columns), c,
            ProductSizes.Of(2, 2, columns) with { Adds = 1 });
        Assert.That(Download(c), Is.EqualTo(MatMulReference.Of<float>(a, b, 2, 2, columns).Zip(before, (x, y) => x + y)));
    }

    [Test]
    public void A_split_inner_size_gives_partial_products()
    {
        const int Rows = 5, Inner = 38, Columns = 6, Chunk = 16;
        var a = Enumerable.Range(0, Rows * Inner).Select(i => i % 19 - 9).ToArray();
        var b = Enumerable.Range(3, Inner * Columns).Select(i => i % 17 - 8).ToArray();
        var sizes = ProductSizes.Of(Rows, Inner, Columns) with { Chunk = Chunk, Start = 2 };
        Assert.That(sizes.Parts, Is.EqualTo(3));
        var c = Upload(Enumerable.Repeat(-1, 2 + 3 * Rows * Columns).ToArray());
        Launch(ProductTileKind.Small, Upload(a), MatrixLayout.RowMajor(Rows, Inner), Upload(b), MatrixLayout.RowMajor(Inner, Columns), c, sizes);
        var expected = new List<double> { -1, -1 };
        for (var begin = 0; begin < Inner; begin += Chunk)
        {
            var n = Math.Min(Chunk, Inner - begin);
            var left = Enumerable.Range(0, Rows * n).Select(i => a[i / n * Inner + begin + i % n]).ToArray();
            expected.AddRange(MatMulReference.Of<int>(left, b.AsSpan(begin * Columns, n * Columns), Rows, n, Columns));
        }

        Assert.That(Download(c).Select(value => (double)value), Is.EqualTo(expected));
    }

    [Test]
    public void Transposed_reversed_and_broadcast_operands_in_a_batch([Values(ProductTileKind.Small, ProductTileKind.Thin)] ProductTileKind tile)
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
            expected.AddRange(MatMulReference.Of<int>(plain, reversed, Rows, Inner, Columns));
        }

        var c = Allocate<int>(Batch * Rows * Columns);
        Launch(tile, Upload(a), left, Upload(b), right, c, ProductSizes.Of(Rows, Inner, Columns, Batch));
        Assert.That(Download(c).Select(value => (double)value), Is.EqualTo(expected));
    }

    [TestCase(ProductTileKind.Medium, 35, 18, 70, true)]
    [TestCase(ProductTileKind.Small, 64, 32, 96, false)]
    public void A_product_and_its_tangent_equal_three_products(ProductTileKind tile, int rows, int inner, int columns, bool isRightColumnMajor) =>
        AssertDual<float>(tile, rows, inner, columns, false, isRightColumnMajor, isTangentColumnMajor: false);

    [Test]
    public void A_product_of_doubles_and_its_tangent_equal_three_products() =>
        AssertDual<double>(ProductTileKind.Small, 35, 18, 70, true, false, isTangentColumnMajor: false);

    [Test]
    public void A_split_dual_is_refused()
    {
        var x = new DualFactor<float> { Value = Allocate<float>(64), Tangent = Allocate<float>(64), Layout = MatrixLayout.RowMajor(8, 8), TangentLayout = MatrixLayout.RowMajor(8, 8) };
        var sizes = ProductSizes.Of(8, 8, 8) with { Chunk = 4 };
        Assert.That(
            () => MatMulKernels.LaunchDual(Kernels, ProductTileKind.Small, Stream, x, x, Allocate<float>(64), Allocate<float>(64), sizes, 0),
            Throws.ArgumentException.With.Message.Contains("2 parts"));
    }

    // Integers: equal whatever the order of the sums.
    private void AssertDual<T>(ProductTileKind tile, int rows, int inner, int columns, bool isLeftColumnMajor, bool isRightColumnMajor, bool isTangentColumnMajor)
        where T : unmanaged, INumber<T>
    {
        var (a, leftLayout, left) = Matrix(rows, inner, isLeftColumnMajor, i => T.CreateChecked(i % 19 - 9));
        var (da, _, leftTangent) = Matrix(rows, inner, isLeftColumnMajor, i => T.CreateChecked(i % 7 - 3));
        var (b, rightLayout, right) = Matrix(inner, columns, isRightColumnMajor, i => T.CreateChecked(i % 17 - 8));
        var (db, tangentLayout, rightTangent) = Matrix(inner, columns, isTangentColumnMajor, i => T.CreateChecked(i % 5 - 2));
        var c = Allocate<T>(rows * columns);
        const int Start = 4; // of the tangents in their memory
        var dc = Allocate<T>(rows * columns + Start);
        MatMulKernels.LaunchDual(
            Kernels, tile, Stream,
            new() { Value = Upload(left), Tangent = Upload(leftTangent), Layout = leftLayout, TangentLayout = leftLayout },
            new() { Value = Upload(right), Tangent = Upload(rightTangent), Layout = rightLayout, TangentLayout = tangentLayout },
            c, dc, ProductSizes.Of(rows, inner, columns), Start);
        var expected = MatMulReference.Of<T>(da, b, rows, inner, columns).Zip(MatMulReference.Of<T>(a, db, rows, inner, columns), (x, y) => x + y);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Download(c).Select(double.CreateChecked), Is.EqualTo(MatMulReference.Of<T>(a, b, rows, inner, columns)));
            Assert.That(Download(dc).Skip(Start).Select(double.CreateChecked), Is.EqualTo(expected));
        }
    }

    private void AssertEqual<T>(
        ProductTileKind tile, int rows, int inner, int columns, bool isLeftColumnMajor, bool isRightColumnMajor, Func<int, T> element, double tolerance)
        where T : unmanaged, INumber<T>
    {
        var (a, leftLayout, left) = Matrix(rows, inner, isLeftColumnMajor, element);
        var (b, rightLayout, right) = Matrix(inner, columns, isRightColumnMajor, i => element(i + 3));
        var c = Allocate<T>(rows * columns);
        Launch(tile, Upload(left), leftLayout, Upload(right), rightLayout, c, ProductSizes.Of(rows, inner, columns));
        Assert.That(Download(c).Select(double.CreateChecked), Is.EqualTo(MatMulReference.Of<T>(a, b, rows, inner, columns)).Within(tolerance));
    }

    // A matrix in rows, where it lies and how it is stored.
    private static (T[] Rows, MatrixLayout Layout, T[] Stored) Matrix<T>(int rows, int columns, bool isColumnMajor, Func<int, T> element)
        where T : unmanaged
    {
        var plain = Enumerable.Range(0, rows * columns).Select(element).ToArray();
        var layout = MatrixLayout.RowMajor(rows, columns);
        if (!isColumnMajor) return (plain, layout, plain);
        layout.RowStride = 1;
        layout.ColumnStride = rows;
        return (plain, layout, Enumerable.Range(0, rows * columns).Select(i => plain[i % rows * columns + i / rows]).ToArray());
    }

    private void Launch<T>(ProductTileKind tile, ILGPU.ArrayView<T> a, MatrixLayout left, ILGPU.ArrayView<T> b, MatrixLayout right, ILGPU.ArrayView<T> c, ProductSizes sizes)
        where T : unmanaged, INumber<T> => MatMulKernels.Launch(Kernels, tile, Stream, a, left, b, right, c, sizes);
}
