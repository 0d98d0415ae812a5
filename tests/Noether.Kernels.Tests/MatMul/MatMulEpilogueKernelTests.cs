using System.Numerics;
using ILGPU;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

/// <summary>A product that ends with a program gives the bits of the product and then the program.</summary>
[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class MatMulEpilogueKernelTests(string lane) : KernelFixture(lane)
{
    private bool IsSimulator => Accelerator.AcceleratorType == ILGPU.Runtime.AcceleratorType.CPU;

    // Whole tiles, rows that allow fours but no whole tile, and rows that do not.
    [TestCase(64, 32, 64)]
    [TestCase(33, 20, 36)]
    [TestCase(37, 21, 35)]
    public void A_layer_is_one_kernel(int rows, int inner, int columns)
    {
        var bias = IndexMap.Create([rows, columns], [0, 1]);
        var access = columns % 4 == 0 ? ElementwiseKernel.AccessOf(bias) : InputAccess.Strided;
        Assert.That(access, Is.EqualTo(columns % 4 == 0 ? InputAccess.Runs : InputAccess.Strided));
        var left = MatrixLayout.RowMajor(rows, inner);
        AssertSame<float>(
            ProductTileKind.Small, left, MatrixLayout.RowMajor(inner, columns), ProductSizes.Of(rows, inner, columns),
            product => EpiloguePrograms.Layer(product, access), [null, Values<float>(columns)], [bias], [4]);
    }

    [Test]
    public void Several_outputs_of_a_batch_with_transposed_factors()
    {
        AssertSeveral<float>(ProductTileKind.Small, 2, 35, 9, 40, ElementType.Float32);
        AssertSeveral<double>(ProductTileKind.Small, 3, 18, 9, 33, ElementType.Float64);
    }

    // Several squares a thread.
    [Test]
    public void Larger_tiles_give_the_same()
    {
        if (IsSimulator) AssertSeveral<float>(ProductTileKind.Medium, 1, 66, 8, 100, ElementType.Float32);
        else AssertSeveral<float>(ProductTileKind.Large, 2, 300, 40, 260, ElementType.Float32);
    }

    [Test]
    public void A_split_inner_size_is_refused()
    {
        var program = EpiloguePrograms.Layer(InputAccess.Product, InputAccess.Single);
        var sizes = ProductSizes.Of(8, 8, 8) with { Chunk = 4 };
        Assert.That(
            () => Kernels.GetEpilogue<float>(program).MatMul(
                Kernels, ProductTileKind.Small, Stream, Allocate<float>(64), MatrixLayout.RowMajor(8, 8), Allocate<float>(64), MatrixLayout.RowMajor(8, 8), sizes,
                new() { Inputs = [default, Bytes(Allocate<float>(1))], Maps = [], Outputs = [Bytes(Allocate<float>(64))] }),
            Throws.ArgumentException.With.Message.Contains("2 parts"));
    }

    [Test]
    public void A_program_of_many_operands_is_not_joined()
    {
        var program = EpiloguePrograms.Layer(InputAccess.Product, InputAccess.Contiguous);
        Assert.That(ProductEpilogue<float>.Suits(program));
        for (var i = 0; i < 6; i++) program.Input(ElementType.Float32, InputAccess.Contiguous);
        Assert.That(ProductEpilogue<float>.Suits(program), Is.False);
    }

    // The residual transposed, the column a number a row.
    private void AssertSeveral<T>(ProductTileKind tile, int batch, int rows, int inner, int columns, ElementType type)
        where T : unmanaged, INumber<T>
    {
        var left = new MatrixLayout { Batch = IndexMap.Create([batch], [rows * inner]), RowStride = 1, ColumnStride = rows };
        var right = new MatrixLayout { Batch = IndexMap.Create([batch], [0]), RowStride = 1, ColumnStride = inner };
        var residual = IndexMap.Create([batch, rows, columns], [rows * columns, 1, rows]);
        var column = IndexMap.Create([batch, rows, columns], [rows, 1, 0]);
        var access = columns % 4 == 0 ? ElementwiseKernel.AccessOf(column) : InputAccess.Strided;
        var size = ElementTypes.Memory(type) == typeof(float) ? 4 : 8;
        AssertSame<T>(
            tile, left, right, ProductSizes.Of(rows, inner, columns, batch), product => EpiloguePrograms.Several(product, InputAccess.Strided, access, type),
            [Values<T>(batch * rows * columns), null, Values<T>(batch * rows)], [residual, column], [size, 1, size], ElementwiseKernel.Bits(type, 0.75));
    }

    // Inputs of null are the product; outputs by the bytes of an element.
    private void AssertSame<T>(
        ProductTileKind tile, MatrixLayout left, MatrixLayout right, ProductSizes sizes, Func<InputAccess, LaneProgram> program,
        ArrayView<byte>?[] inputs, IndexMap[] maps, int[] outputs, params long[] numbers)
        where T : unmanaged, INumber<T>
    {
        var count = sizes.Batch * sizes.Rows * sizes.Columns;
        var a = Numbers<T>(sizes.Batch * sizes.Rows * sizes.Inner, 1);
        var b = Numbers<T>(sizes.Batch * sizes.Inner * sizes.Columns, 2);
        var product = Allocate<T>(count);
        var expected = Array.ConvertAll(outputs, size => Allocate<byte>(count * size));
        var actual = Array.ConvertAll(outputs, size => Allocate<byte>(count * size));
        var all = Array.ConvertAll(inputs, input => input ?? Bytes(product));
        MatMulKernels.Launch(Kernels, tile, Stream, a, left, b, right, product, sizes);
        Kernels.Get(program(InputAccess.Contiguous)).Launch(Stream, count, all, maps, expected, numbers);
        Kernels.GetEpilogue<T>(program(InputAccess.Product)).MatMul(
            Kernels, tile, Stream, a, left, b, right, sizes, new() { Inputs = all, Maps = maps, Outputs = actual, Numbers = numbers });
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < outputs.Length; i++) Assert.That(Download(actual[i]), Is.EqualTo(Download(expected[i])), $"output {i}");
        }
    }

    private ArrayView<byte> Values<T>(int count)
        where T : unmanaged, INumber<T> => Bytes(Numbers<T>(count, 3));

    private ArrayView<T> Numbers<T>(int count, int seed)
        where T : unmanaged, INumber<T> => Upload(Enumerable.Range(0, count).Select(i => T.CreateChecked(Math.Sin(1.3 * i + seed))).ToArray());

    private static ArrayView<byte> Bytes<T>(ArrayView<T> view)
        where T : unmanaged => view.Cast<byte>();
}
