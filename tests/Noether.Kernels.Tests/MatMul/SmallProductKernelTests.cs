using System.Numerics;
using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

/// <summary>Small integers: equal to the definition whatever the order of the sums.</summary>
[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class SmallProductKernelTests(string lane) : KernelFixture(lane)
{
    // One group with idle threads, several, a last one that is not full, a product a group; one step of the inner size and several; rows with fours and without.
    [TestCase(9, 16, 16, 16, false, false)]
    [TestCase(4, 24, 5, 22, true, true)]
    [TestCase(6, 10, 70, 32, false, true)]
    [TestCase(3, 12, 40, 20, true, false)]
    [TestCase(2, 64, 8, 32, false, false)]
    [TestCase(130, 3, 4, 2, true, true)]
    [TestCase(1, 1, 1, 1, false, false)]
    [TestCase(2, 3, 0, 5, false, false)]
    public void Products_equal_the_definition(int batch, int rows, int inner, int columns, bool isLeftColumnMajor, bool isRightColumnMajor) =>
        AssertEqual<float>(ProductSizes.Of(rows, inner, columns, batch), isLeftColumnMajor, isRightColumnMajor);

    [Test]
    public void Products_of_other_types_equal_the_definition()
    {
        AssertEqual<double>(ProductSizes.Of(10, 70, 16, 7), true, false);
        if (!IsInterpreted) return;
        AssertEqual<int>(ProductSizes.Of(9, 6, 9, 3), false, true);
        AssertEqual<long>(ProductSizes.Of(8, 8, 8, 2), false, false);
    }

    [Test]
    public void A_factor_may_be_shared_and_begin_anywhere([Values(0, 4, 1)] int start)
    {
        AssertEqual<float>(ProductSizes.Of(12, 8, 8, 25) with { Start = start }, false, false, isLeftShared: true, start: start);
        AssertEqual<float>(ProductSizes.Of(12, 8, 8, 25) with { Start = start }, true, true, isRightShared: true, start: start);
    }

    [Test]
    public void Products_are_added_where_asked([Values(3, 8)] int columns) =>
        AssertEqual<float>(ProductSizes.Of(5, 6, columns, 9) with { Adds = 1 }, false, false);

    [Test]
    public void The_bits_of_a_product_do_not_depend_on_its_neighbours()
    {
        var sizes = ProductSizes.Of(9, 33, 14, 9);
        var a = Upload(Enumerable.Range(0, 9 * 9 * 33).Select(i => MathF.Sin(i)).ToArray());
        var b = Upload(Enumerable.Range(0, 9 * 33 * 14).Select(i => MathF.Cos(i)).ToArray());
        var (all, one) = (Allocate<float>(9 * 9 * 14), Allocate<float>(9 * 14));
        Launch(a, MatrixLayout.RowMajor(9, 33, 9), b, MatrixLayout.RowMajor(33, 14, 9), all, sizes);
        var (left, right) = (MatrixLayout.RowMajor(9, 33), MatrixLayout.RowMajor(33, 14));
        left.Batch = IndexMap.Contiguous(8 * 9 * 33);
        right.Batch = IndexMap.Contiguous(8 * 33 * 14);
        Launch(a, left, b, right, one, sizes with { Batch = 1 });
        Assert.That(Download(one), Is.EqualTo(Download(all)[(8 * 9 * 14)..]));
    }

    [TestCase(64, 64, 8)]
    [TestCase(8, 8, 4)]
    public void Large_and_split_products_are_refused(int rows, int columns, int chunk)
    {
        var x = Allocate<float>(rows * columns);
        Assert.That(
            () => Launch(x, MatrixLayout.RowMajor(rows, 8), x, MatrixLayout.RowMajor(8, columns), x, ProductSizes.Of(rows, 8, columns) with { Chunk = chunk }),
            Throws.ArgumentException.With.Message.Contains("small products"));
    }

    private void AssertEqual<T>(
        ProductSizes sizes, bool isLeftColumnMajor, bool isRightColumnMajor, bool isLeftShared = false, bool isRightShared = false, int start = 0)
        where T : unmanaged, INumber<T>
    {
        var (rows, inner, columns, batch) = (sizes.Rows, sizes.Inner, sizes.Columns, sizes.Batch);
        var (a, left, leftStored) = Matrices<T>(batch, rows, inner, isLeftColumnMajor, isLeftShared, start, 19);
        var (b, right, rightStored) = Matrices<T>(batch, inner, columns, isRightColumnMajor, isRightShared, start, 17);
        var before = Enumerable.Range(0, (int)sizes.Start + batch * rows * columns).Select(i => T.CreateChecked(i % 23)).ToArray();
        var c = Upload(before);
        Launch(Upload(leftStored), left, Upload(rightStored), right, c, sizes);
        var expected = before.Select(double.CreateChecked).ToArray();
        for (var matrix = 0; matrix < batch; matrix++)
        {
            var product = MatMulReference.Of<T>(
                a.AsSpan(isLeftShared ? 0 : matrix * rows * inner, rows * inner), b.AsSpan(isRightShared ? 0 : matrix * inner * columns, inner * columns), rows, inner, columns);
            for (var i = 0; i < product.Length; i++)
            {
                ref var place = ref expected[sizes.Start + matrix * product.Length + i];
                place = sizes.Adds * place + product[i];
            }
        }

        Assert.That(Download(c).Select(double.CreateChecked), Is.EqualTo(expected));
    }

    // Matrices in rows, where they lie, and how they are stored.
    private static (T[] Rows, MatrixLayout Layout, T[] Stored) Matrices<T>(int batch, int rows, int columns, bool isColumnMajor, bool isShared, int start, int period)
        where T : unmanaged, INumber<T>
    {
        var size = rows * columns;
        var plain = Enumerable.Range(0, (isShared ? 1 : batch) * size).Select(i => T.CreateChecked(i * 7 % period - 8)).ToArray();
        var stored = isColumnMajor ? plain.Select((_, i) => plain[i / size * size + i % size % rows * columns + i % size / rows]) : plain;
        var layout = new MatrixLayout
        {
            Batch = IndexMap.Create([batch], [isShared ? 0 : size], start),
            RowStride = isColumnMajor ? 1 : columns,
            ColumnStride = isColumnMajor ? rows : 1,
        };
        return (plain, layout, [.. new T[start], .. stored]);
    }

    private void Launch<T>(ILGPU.ArrayView<T> a, MatrixLayout left, ILGPU.ArrayView<T> b, MatrixLayout right, ILGPU.ArrayView<T> c, ProductSizes sizes)
        where T : unmanaged, INumber<T> => MatMulKernels.Launch(Kernels, ProductTileKind.Whole, Stream, a, left, b, right, c, sizes);
}
