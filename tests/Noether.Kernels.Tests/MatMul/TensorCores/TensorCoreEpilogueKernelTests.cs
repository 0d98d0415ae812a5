using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;
using Noether.Kernels.Lanes;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

/// <summary>A product on tensor cores that ends with a program gives the bits of the product and then the program, on a machine that executes their PTX.</summary>
[Category("PTX")]
[NonParallelizable]
public class TensorCoreEpilogueKernelTests
{
    private PtxAccelerator accelerator = null!;
    private KernelCache kernels = null!;

    [OneTimeSetUp]
    public void Start()
    {
        accelerator = PtxAccelerator.Create();
        kernels = new(accelerator);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        var context = accelerator.Context;
        accelerator.Dispose();
        context.Dispose();
    }

    // Integers are exact in both formats: the layer by its definition.
    [TestCase(TensorCoreFormat.Tf32, 128, 96, 128)]
    [TestCase(TensorCoreFormat.BFloat16, 37, 80, 136)]
    public void A_layer_is_one_kernel(TensorCoreFormat format, int rows, int inner, int columns)
    {
        float[] a = Integers(rows * inner, 17), b = Integers(inner * columns, 13), bias = Integers(columns, 41);
        var map = IndexMap.Create([rows, columns], [0, 1]);
        var access = columns % 4 == 0 ? ElementwiseKernel.AccessOf(map) : InputAccess.Strided;
        var result = Allocate<float>(rows * columns);
        var sizes = ProductSizes.Of(rows, inner, columns);
        End(format, EpiloguePrograms.Layer(InputAccess.Product, access), Factor(format, a, rows, inner, 1), Factor(format, b, inner, columns, 1), sizes, [default, Bytes(Upload(bias))], [map], [Bytes(result)]);
        Assert.That(Download(result), Is.EqualTo(MatMulReference.Of<float>(a, b, rows, inner, columns).Select((x, i) => Math.Max(0, x + bias[i % columns]))));
    }

    // The residual transposed, the column a number a row; factors shared by the batch and transposed.
    [TestCase(TensorCoreFormat.Tf32, ElementType.Float32, 132)]
    [TestCase(TensorCoreFormat.BFloat16, ElementType.BFloat16, 33)]
    public void Several_outputs_of_a_batch_have_the_bits_of_two_kernels(TensorCoreFormat format, ElementType type, int columns)
    {
        const int Batch = 2, Rows = 10, Inner = 40;
        var count = Batch * Rows * columns;
        var left = Factor(format, Numbers(Batch * Rows * Inner, 1), Rows, Inner, Batch, isColumnMajor: true);
        var right = Factor(format, Numbers(Inner * columns, 2), Inner, columns, 1, isColumnMajor: true);
        right.Layout.Batch = IndexMap.Create([Batch], [0]);
        var residual = IndexMap.Create([Batch, Rows, columns], [Rows * columns, 1, Rows]);
        var column = IndexMap.Create([Batch, Rows, columns], [Rows, 1, 0]);
        var access = columns % 4 == 0 ? ElementwiseKernel.AccessOf(column) : InputAccess.Strided;
        var size = ElementTypes.Bytes(type);
        ArrayView<byte> x = Allocate<byte>(count * size), r = Elements(type, Numbers(count, 3)), c = Elements(type, Numbers(Batch * Rows, 4));
        ArrayView<byte>[] expected = Outputs(count, size, 1, size), actual = Outputs(count, size, 1, size);
        var sizes = ProductSizes.Of(Rows, Inner, columns, Batch);
        long[] numbers = [ElementwiseKernel.Bits(type, 0.75)];

        Multiply(format, left, right, sizes, type, x);
        kernels.Get(EpiloguePrograms.Several(InputAccess.Contiguous, InputAccess.Strided, access, type)).Launch(accelerator.DefaultStream, count, [r, x, c], [residual, column], expected, numbers);
        End(format, EpiloguePrograms.Several(InputAccess.Product, InputAccess.Strided, access, type), left, right, sizes, [r, default, c], [residual, column], actual, numbers);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < actual.Length; i++) Assert.That(Download(actual[i]), Is.EqualTo(Download(expected[i])), $"output {i}");
            Assert.That(Download(expected[1]), Does.Contain(0).And.Contain(1));
        }
    }

    // The product by itself, as float32 or rounded to bfloat16.
    private void Multiply(TensorCoreFormat format, TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes, ElementType type, ArrayView<byte> x)
    {
        var product = type == ElementType.Float32 ? x.Cast<float>() : Allocate<float>(sizes.Batch * sizes.Rows * sizes.Columns);
        TensorCoreLaunches.Launch(new Product(this, left, right, product, sizes), format, left.Layout, right.Layout, sizes);
        if (type == ElementType.BFloat16) x.CopyFromCPU(accelerator.DefaultStream, Narrow(Download(product)));
    }

    private void End(
        TensorCoreFormat format, LaneProgram program, TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes,
        ArrayView<byte>[] inputs, IndexMap[] maps, ArrayView<byte>[] outputs, params long[] numbers) =>
        kernels.GetEpilogue<float>(program).End(new Ended(this, format, left, right, sizes), sizes, new() { Inputs = inputs, Maps = maps, Outputs = outputs, Numbers = numbers });

    private void Run(Type kernel, ProductSizes sizes, PtxArguments arguments)
    {
        var method = kernel.GetMethod("Kernel", BindingFlags.NonPublic | BindingFlags.Static)!;
        var machine = PtxMachine.Load(Ptx.Of(method, TensorCoreTile.Threads), accelerator.Memory);
        machine.WatchesRaces = true;
        machine.Launch(((int)ProductPlace.Groups(sizes, TensorCoreTile.Lines), 1, 1), (TensorCoreTile.Threads, 1, 1), TensorCoreTile.SharedBytes, arguments.ToArray());
    }

    // Rows, or columns, that begin at multiples of 16 bytes.
    private TensorCoreFactor Factor(TensorCoreFormat format, float[] values, int rows, int columns, int batch, bool isColumnMajor = false)
    {
        var (lines, length) = isColumnMajor ? (columns, rows) : (rows, columns);
        var stride = (length + 7) / 8 * 8;
        var padded = new float[batch * lines * stride];
        for (var i = 0; i < values.Length; i++)
        {
            var (matrix, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
            padded[matrix * lines * stride + (isColumnMajor ? column * stride + row : row * stride + column)] = values[i];
        }

        var memory = format == TensorCoreFormat.Tf32 ? Bytes(Upload(padded)) : Upload(Narrow(padded));
        return new()
        {
            Address = ((IContiguousArrayView)memory).Buffer.NativePtr,
            Layout = new() { Batch = IndexMap.Create([batch], [lines * stride]), RowStride = isColumnMajor ? 1 : stride, ColumnStride = isColumnMajor ? stride : 1 },
        };
    }

    private ArrayView<byte> Elements(ElementType type, float[] values) => type == ElementType.Float32 ? Bytes(Upload(values)) : Upload(Narrow(values));

    private ArrayView<byte>[] Outputs(int count, params int[] bytes) => Array.ConvertAll(bytes, size => Allocate<byte>(count * size));

    private ArrayView<T> Upload<T>(T[] values)
        where T : unmanaged
    {
        var view = Allocate<T>(values.Length);
        view.CopyFromCPU(accelerator.DefaultStream, values);
        return view;
    }

    private ArrayView<T> Allocate<T>(int count)
        where T : unmanaged => accelerator.Allocate1D<T>(count).View.AsContiguous();

    private T[] Download<T>(ArrayView<T> view)
        where T : unmanaged
    {
        var values = new T[view.Length];
        view.CopyToCPU(accelerator.DefaultStream, values);
        return values;
    }

    private static byte[] Narrow(float[] values) => [.. values.SelectMany(x => BitConverter.GetBytes(BFloat16Rounding.Bits(x)))];

    private static float[] Integers(int count, int period) => [.. Enumerable.Range(0, count).Select(i => (float)(i * 7 % period - period / 2))];

    private static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(1.3f * i + seed))];

    private static ArrayView<byte> Bytes<T>(ArrayView<T> view)
        where T : unmanaged => view.Cast<byte>();

    private readonly struct Product(TensorCoreEpilogueKernelTests tests, TensorCoreFactor left, TensorCoreFactor right, ArrayView<float> c, ProductSizes sizes) : ITensorCoreLaunch
    {
        public void Launch<TNumber, TLeft, TRight, TEdges>()
            where TNumber : struct, ITensorCoreNumber
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            tests.Run(typeof(TensorCoreKernel<TNumber, TLeft, TRight, TEdges>), sizes, new PtxArguments().Value(left).Value(right).Value(c).Int64(0).Value(sizes));
    }

    private readonly struct Ended(TensorCoreEpilogueKernelTests tests, TensorCoreFormat format, TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes) : IEpilogueLaunch<float>
    {
        public void Launch<TEpilogue>(in TEpilogue epilogue)
            where TEpilogue : unmanaged, IProductEpilogue<float> =>
            TensorCoreLaunches.Launch(new EndedBy<TEpilogue>(tests, left, right, sizes, epilogue), format, left.Layout, right.Layout, sizes);
    }

    private readonly struct EndedBy<TEpilogue>(TensorCoreEpilogueKernelTests tests, TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes, TEpilogue epilogue) : ITensorCoreLaunch
        where TEpilogue : unmanaged, IProductEpilogue<float>
    {
        public void Launch<TNumber, TLeft, TRight, TEdges>()
            where TNumber : struct, ITensorCoreNumber
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            tests.Run(typeof(TensorCoreEpilogueKernel<TNumber, TLeft, TRight, TEdges, TEpilogue>), sizes, new PtxArguments().Value(left).Value(right).Value(sizes).Value(epilogue));
    }
}
