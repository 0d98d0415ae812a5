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

    // Rows that allow fours but no whole tile, rows that do not, and whole tiles. Small integers: the kernels need no other to compare with.
    [TestCase(33, 20, 36)]
    [TestCase(37, 21, 35)]
    [TestCase(64, 16, 64)]
    public void A_layer_is_one_kernel(int rows, int inner, int columns)
    {
        if (!IsSimulator && rows == 64) Assert.Ignore("one kernel less to compile: whole tiles differ in the factors' loads alone");
        float[] a = [.. Enumerable.Range(0, rows * inner).Select(i => i % 19 - 9)], b = [.. Enumerable.Range(0, inner * columns).Select(i => i % 17 - 8)];
        float[] bias = [.. Enumerable.Range(0, columns).Select(i => i % 41 - 20)];
        var map = IndexMap.Create([rows, columns], [0, 1]);
        var access = columns % 4 == 0 ? ElementwiseKernel.AccessOf(map) : InputAccess.Strided;
        var result = Allocate<float>(rows * columns);
        Kernels.GetEpilogue<float>(EpiloguePrograms.Layer(InputAccess.Product, access)).MatMul(
            Kernels, ProductTileKind.Small, Stream, Upload(a), MatrixLayout.RowMajor(rows, inner), Upload(b), MatrixLayout.RowMajor(inner, columns),
            ProductSizes.Of(rows, inner, columns), new() { Inputs = [default, Bytes(Upload(bias))], Maps = [map], Outputs = [Bytes(result)] });
        Assert.That(Download(result), Is.EqualTo(MatMulReference.Of<float>(a, b, rows, inner, columns).Select((x, i) => Math.Max(0, x + bias[i % columns]))));
    }

    // Several squares a thread, and in the simulator one too.
    [Test]
    public void Several_outputs_of_a_batch_with_transposed_factors_have_the_bits_of_two_kernels()
    {
        AssertSeveral<float>(ProductTileKind.Medium, 2, 66, 9, 100, ElementType.Float32);
        AssertSeveral<float>(ProductTileKind.Whole, 6, 10, 9, 36, ElementType.Float32);
        if (!IsSimulator) return;
        AssertSeveral<double>(ProductTileKind.Thin, 3, 18, 9, 33, ElementType.Float64);
        AssertSeveral<double>(ProductTileKind.Whole, 9, 9, 5, 17, ElementType.Float64);
    }

    [Test]
    public void A_product_and_its_tangent_have_the_bits_of_two_kernels()
    {
        const int Rows = 33, Inner = 10, Columns = 36, Count = Rows * Columns;
        DualFactor<float> left = Factor(Rows, Inner, 1), right = Factor(Inner, Columns, 2);
        ArrayView<float> x = Allocate<float>(Count), dx = Allocate<float>(Count);
        var expected = Outputs(Count, 4, 4, 4);
        var actual = Outputs(Count, 4, 4, 4);
        var sizes = ProductSizes.Of(Rows, Inner, Columns);
        MatMulKernels.LaunchDual(Kernels, ProductTileKind.Small, Stream, left, right, x, dx, sizes, 0);
        Kernels.Get(EpiloguePrograms.Dual(InputAccess.Contiguous, InputAccess.Contiguous)).Launch(Stream, Count, [Bytes(dx), Bytes(x)], [], expected);
        Kernels.GetEpilogue<float>(EpiloguePrograms.Dual(InputAccess.Product, InputAccess.Tangent)).DualMatMul(
            Kernels, ProductTileKind.Small, Stream, left, right, sizes, new() { Inputs = [default, default], Maps = [], Outputs = actual });
        AssertEqual(actual, expected);
    }

    [Test]
    public void A_split_inner_size_is_refused()
    {
        var program = EpiloguePrograms.Layer(InputAccess.Product, InputAccess.Strided);
        var sizes = ProductSizes.Of(8, 8, 8) with { Chunk = 4 };
        Assert.That(
            () => Kernels.GetEpilogue<float>(program).MatMul(
                Kernels, ProductTileKind.Small, Stream, Allocate<float>(64), MatrixLayout.RowMajor(8, 8), Allocate<float>(64), MatrixLayout.RowMajor(8, 8), sizes,
                new() { Inputs = [default, Values<float>(1)], Maps = [IndexMap.Create([8, 8], [0, 0])], Outputs = Outputs(64, 4) }),
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
        ArrayView<byte>[] expected = Outputs(count, outputs), actual = Outputs(count, outputs);
        var all = Array.ConvertAll(inputs, input => input ?? Bytes(product));
        MatMulKernels.Launch(Kernels, tile, Stream, a, left, b, right, product, sizes);
        Kernels.Get(program(InputAccess.Contiguous)).Launch(Stream, count, all, maps, expected, numbers);
        Kernels.GetEpilogue<T>(program(InputAccess.Product)).MatMul(
            Kernels, tile, Stream, a, left, b, right, sizes, new() { Inputs = all, Maps = maps, Outputs = actual, Numbers = numbers });
        AssertEqual(actual, expected);
    }

    private void AssertEqual(ArrayView<byte>[] actual, ArrayView<byte>[] expected)
    {
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < actual.Length; i++) Assert.That(Download(actual[i]), Is.EqualTo(Download(expected[i])), $"output {i}");
        }
    }

    private DualFactor<float> Factor(int rows, int columns, int seed) => new()
    {
        Value = Numbers<float>(rows * columns, seed),
        Tangent = Numbers<float>(rows * columns, seed + 3),
        Layout = MatrixLayout.RowMajor(rows, columns),
        TangentLayout = MatrixLayout.RowMajor(rows, columns),
    };

    private ArrayView<byte>[] Outputs(int count, params int[] bytes) => Array.ConvertAll(bytes, size => Allocate<byte>(count * size));

    private ArrayView<byte> Values<T>(int count)
        where T : unmanaged, INumber<T> => Bytes(Numbers<T>(count, 3));

    private ArrayView<T> Numbers<T>(int count, int seed)
        where T : unmanaged, INumber<T> => Upload(Enumerable.Range(0, count).Select(i => T.CreateChecked(Math.Sin(1.3 * i + seed))).ToArray());

    private static ArrayView<byte> Bytes<T>(ArrayView<T> view)
        where T : unmanaged => view.Cast<byte>();
}
