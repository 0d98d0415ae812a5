using ILGPU;
using ILGPU.Runtime;
using Noether.Devices.Ilgpu;
using Noether.Kernels;
using Noether.Kernels.MatMul;
using Noether.Primitives;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>What the device makes of products before tensor cores see them, on the simulator with cores that are a loop. Small integers: exact in all formats.</summary>
public sealed class TensorCoreTests
{
    private readonly IlgpuDevice device = new("simulator with tensor cores", AcceleratorCatalogue.CreateSimulator);
    private readonly Loops cores = new();

    [OneTimeSetUp]
    public void Open() => device.Replace(cores);

    [SetUp]
    public void Clear()
    {
        cores.Formats.Clear();
        cores.Parts.Clear();
        cores.Ended = 0;
    }

    [TestCase(MatMulPrecision.Tf32, TensorCoreFormat.Tf32)]
    [TestCase(MatMulPrecision.BFloat16, TensorCoreFormat.BFloat16)]
    public void A_product_of_fewer_bits_is_made_in_its_format(MatMulPrecision precision, TensorCoreFormat format)
    {
        Tensor a = Integers([5, 16], 1), b = Integers([16, 8], 2);
        Check((x, y) => x.MatMul(y, precision), a, b);
        Assert.That(cores.Formats, Is.EqualTo(new[] { format }));
    }

    [Test]
    public void Factors_that_lie_otherwise_are_copied([Values] MatMulPrecision precision)
    {
        if (precision == MatMulPrecision.Highest) return;
        Tensor a = Integers([3, 7], 1), b = Integers([7, 5], 2), c = Integers([4, 7, 3], 3), d = Integers([2, 4, 5, 7], 4);
        Check((x, y) => x.MatMul(y, precision), a, b);
        Check((x, y) => x.Transpose().MatMul(y.Transpose(), precision), b, a);
        Check((x, y) => x.MatMul(y, precision), d, c); // [2, 4, 5, 7] x [4, 7, 3]: one factor is repeated
        Check((x, y) => x.SwapAxes(-1, -2).MatMul(y.SwapAxes(-1, -2), precision), c, d);
        Check((x, y) => x[.., ^1.., ..].Narrow(-1, 1, 5).MatMul(y, precision), d, Integers([5, 2], 5));
        Check((x, y) => x.MatMul(y, precision), Integers([7], 6), b);
    }

    [Test]
    public void A_long_inner_size_is_summed_in_parts()
    {
        Tensor a = Integers([2, 3000], 1), b = Integers([3000, 4], 2);
        Check((x, y) => x.MatMul(y, MatMulPrecision.Tf32), a, b);
        Check((x, y) => x.To(DType.BFloat16).MatMul(y.To(DType.BFloat16)).To(DType.Float32), a, b);
        Assert.That(cores.Parts, Has.All.GreaterThan(1));
    }

    [Test]
    public void Products_of_bfloat16_are_read_and_rounded_by_the_cores([Values(3, 8)] int columns)
    {
        Tensor a = Integers([5, 16], 1), b = Integers([16, columns], 2);
        Check((x, y) => x.To(DType.BFloat16).MatMul(y.To(DType.BFloat16)).To(DType.Float32), a, b);
        Check((x, y) => x.To(DType.BFloat16).Transpose().MatMul(y.To(DType.BFloat16).Transpose()).To(DType.Float32), b, a);
        Assert.That(cores.Formats, Is.EqualTo(new[] { TensorCoreFormat.BFloat16, TensorCoreFormat.BFloat16 }));
    }

    [Test]
    public void Beside_float32_bfloat16_is_widened()
    {
        Check((x, y) => x.To(DType.BFloat16).MatMul(y), Integers([5, 16], 1), Integers([16, 3], 2));
        Check((x, y) => (x.To(DType.BFloat16).MatMul(y) + y[0]).Relu(), Integers([12, 16], 1), Integers([16, 10], 2));
        Assert.That(cores.Formats, Is.Empty);
    }

    [Test]
    public void A_group_that_reads_a_product_is_a_part_of_its_kernel([Values(7, 8)] int columns)
    {
        Tensor a = Integers([9, 16], 1), b = Integers([16, columns], 2), bias = Integers([columns], 3), residual = Integers([columns, 9], 4);
        Check((x, y) => (x.MatMul(y, MatMulPrecision.Tf32) + bias.To(x.Device)).Relu() * residual.To(x.Device).Transpose(), a, b);
        Check((x, y) => (x.To(DType.BFloat16).To(DType.Float32).MatMul(y.To(DType.BFloat16).To(DType.Float32)) + bias.To(x.Device)).Relu(), a, b);
        Assert.That(cores.Formats, Is.EqualTo(new[] { TensorCoreFormat.Tf32, TensorCoreFormat.BFloat16 }));
        Assert.That(cores.Ended, Is.EqualTo(2));
    }

    [Test]
    public void A_product_of_bfloat16_is_rounded_before_the_group_reads_it()
    {
        // Sums beyond 2⁸ have more bits than bfloat16.
        Tensor a = Integers([9, 64], 1) * 3, b = Integers([64, 8], 2) * 5;
        Check((x, y) => (x.To(DType.BFloat16).MatMul(y.To(DType.BFloat16)).Abs() + 1).To(DType.Float32), a, b);
        Assert.That(cores.Ended, Is.EqualTo(1));
    }

    [Test]
    public void A_product_that_is_read_twice_is_stored_beside_what_the_group_makes()
    {
        Check((x, y) =>
        {
            var product = x.MatMul(y, MatMulPrecision.BFloat16);
            return Tensor.Concatenate(0, product.Square(), product);
        }, Integers([5, 16], 1), Integers([16, 8], 2));
        Assert.That(cores.Ended, Is.EqualTo(1));
    }

    [Test]
    public void A_group_follows_a_product_that_is_summed_in_parts()
    {
        Check((x, y) => x.MatMul(y, MatMulPrecision.Tf32).Relu() + 1, Integers([2, 3000], 1), Integers([3000, 4], 2));
        Assert.That((cores.Formats.Count, cores.Ended), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Sums_of_products_are_added_by_the_cores([Values(16, 1500)] int inner)
    {
        Tensor a = Integers([2, inner], 1), b = Integers([inner, 4], 2);
        Check((x, y) =>
        {
            Tensor p = x.To(DType.BFloat16), q = y.To(DType.BFloat16);
            return Tensor.Apply(MatMul.Instance, p.To(DType.Float32), q.To(DType.Float32)) + Tensor.Apply(MatMul.Instance, (p + p).To(DType.Float32), q.To(DType.Float32));
        }, a, b);
        Assert.That(cores.Formats, Has.Count.EqualTo(2));
    }

    [Test]
    public void Derivatives_are_products_of_as_many_bits()
    {
        var (a, b) = (Integers([5, 16], 1), Integers([16, 8], 2));
        Check((x, y) => Transform.Grad(v => v.MatMul(y, MatMulPrecision.Tf32).Sum())(x), a, b);
        Assert.That(cores.Formats, Is.EqualTo(new[] { TensorCoreFormat.Tf32 }));
    }

    [Test]
    public void Without_tensor_cores_factors_are_rounded_first()
    {
        var plain = Device.Open("simulator");
        var one = Tensor.Ones([1, 1], device: plain);
        var x = Tensor.From([1 + MathF.Pow(2, -12)], [1, 1], plain);
        Assert.That(x.MatMul(one, MatMulPrecision.Tf32).Item<float>(), Is.EqualTo(1));
        Assert.That(plain.WidensFactors, Is.False);
    }

    private void Check(Func<Tensor, Tensor, Tensor> function, Tensor a, Tensor b) =>
        Assert.That(function(a.To(device), b.To(device)).ToArray<float>(), Is.EqualTo(function(a, b).ToArray<float>()));

    private static Tensor Integers(int[] shape, int seed) => Sampling.Values(Shape.Create(shape), -2, 2, seed).Round().To(DType.Float32).Evaluate();

    /// <summary>Products by their definition, in memory that the simulator shares with the host.</summary>
    private sealed unsafe class Loops : ITensorCores
    {
        public List<TensorCoreFormat> Formats { get; } = [];

        public List<int> Parts { get; } = [];

        /// <summary>How many of the launches had a program.</summary>
        public int Ended { get; set; }

        // The program ends the plain product of the factors, widened.
        public void Launch(
            TensorCoreFormat format, AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right,
            ProductEpilogue<float> epilogue, in EpilogueOperands operands, in ProductSizes sizes)
        {
            stream.Synchronize();
            Assert.That((sizes.Parts, sizes.Start, sizes.Adds), Is.EqualTo((1, 0L, 0)));
            var bytes = Check(format, left, right, sizes);
            Ended++;
            var (rows, inner, columns) = (sizes.Rows, sizes.Inner, sizes.Columns);
            float[] a = new float[sizes.Batch * rows * inner], b = new float[sizes.Batch * inner * columns];
            for (var i = 0; i < a.Length; i++) a[i] = Read(left, i / (rows * inner), i / inner % rows, i % inner, bytes);
            for (var i = 0; i < b.Length; i++) b[i] = Read(right, i / (inner * columns), i / columns % inner, i % columns, bytes);
            using var leftCopy = stream.Accelerator.Allocate1D(a);
            using var rightCopy = stream.Accelerator.Allocate1D(b);
            epilogue.MatMul(
                new(stream.Accelerator), ProductTileKind.Small, stream, leftCopy.View.BaseView, MatrixLayout.RowMajor(rows, inner, sizes.Batch),
                rightCopy.View.BaseView, MatrixLayout.RowMajor(inner, columns, sizes.Batch), sizes, operands);
            stream.Synchronize();
        }

        public void Launch(
            TensorCoreFormat format, AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes)
        {
            stream.Synchronize();
            var bytes = Check(format, left, right, sizes);
            Assert.That(narrow == 0 || (sizes.Columns % 4 == 0 && sizes.Start % 4 == 0 && sizes.Adds == 0));
            var at = sizes.Start;
            var results = narrow == 0 ? (float*)c.LoadEffectiveAddressAsPtr() : null;
            for (var part = 0; part < sizes.Parts; part++)
            {
                for (var matrix = 0; matrix < sizes.Batch; matrix++)
                {
                    for (var row = 0; row < sizes.Rows; row++)
                    {
                        for (var column = 0; column < sizes.Columns; column++, at++)
                        {
                            var sum = results != null && sizes.Adds != 0 ? results[at] : 0;
                            for (var k = part * sizes.Chunk; k < Math.Min(sizes.Inner, (part + 1) * sizes.Chunk); k++)
                                sum += Read(left, matrix, row, k, bytes) * Read(right, matrix, k, column, bytes);
                            if (results != null) results[at] = sum;
                            else ((ushort*)narrow)[at] = ((BFloat16)sum).Bits;
                        }
                    }
                }
            }
        }

        // Notes what was given; the bytes of a factor's element.
        private int Check(TensorCoreFormat format, in TensorCoreFactor left, in TensorCoreFactor right, in ProductSizes sizes)
        {
            Formats.Add(format);
            Parts.Add(sizes.Parts);
            var bytes = format == TensorCoreFormat.Tf32 ? sizeof(float) : sizeof(ushort);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(TensorCoreChoice.Reads(left.Layout, bytes), "left");
                Assert.That(TensorCoreChoice.Reads(right.Layout, bytes), "right");
                Assert.That(left.Address % 16 | right.Address % 16, Is.Zero);
                Assert.That(sizes.Parts == 1 || sizes.Chunk * bytes % 128 == 0);
            }

            return bytes;
        }

        private static float Read(in TensorCoreFactor factor, int matrix, int row, int column, int bytes)
        {
            var at = factor.Layout.Batch.At(matrix) + row * factor.Layout.RowStride + column * factor.Layout.ColumnStride;
            return bytes == sizeof(float) ? ((float*)factor.Address)[at] : new BFloat16(((ushort*)factor.Address)[at]);
        }
    }
}
