using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using Noether.Kernels.Copies;
using Noether.Kernels.Lanes;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

/// <summary>The kernels of tensor cores on a machine that executes their PTX: layouts, edges, stages, parts, rounding. Integers up to 8 are exact in both formats.</summary>
[Category("PTX")]
[Parallelizable(ParallelScope.All)]
public class TensorCoreKernelTests
{
    private const int PaddingAtLeast = 1; // rows of memory are longer than the matrix's

    private static readonly ConcurrentDictionary<Type, Lazy<string>> Texts = [];

    private static IEnumerable<TestCaseData> Layouts =>
        from number in (Type[])[typeof(Tf32Number), typeof(BFloat16Number)]
        from left in (Type[])[typeof(AlongDepth), typeof(AcrossLines)]
        from right in (Type[])[typeof(AlongDepth), typeof(AcrossLines)]
        select new TestCaseData(number, left, right).SetArgDisplayNames(number.Name, left.Name, right.Name);

    [TestCaseSource(nameof(Layouts))]
    public void Whole_tiles_of_more_stages_than_the_ring_has(Type number, Type left, Type right)
    {
        var depth = number == typeof(Tf32Number) ? 32 : 64;
        Check(new(number, left, right, typeof(WholeTiles)), ProductSizes.Of(128, 5 * depth, 128));
    }

    [TestCaseSource(nameof(Layouts))]
    public void Edges_batches_and_parts(Type number, Type left, Type right)
    {
        var depth = number == typeof(Tf32Number) ? 32 : 64;
        Check(new(number, left, right, typeof(AnyTiles)), ProductSizes.Of(70, depth + 13, 133, 2) with { Chunk = depth, Start = 3 });
    }

    [TestCase(1, 1, 1)]
    [TestCase(3, 0, 8)]
    [TestCase(17, 300, 4)]
    public void Products_smaller_than_a_tile(int rows, int inner, int columns)
    {
        Check(new(typeof(Tf32Number), typeof(AlongDepth), typeof(AcrossLines), typeof(AnyTiles)), ProductSizes.Of(rows, inner, columns));
        Check(new(typeof(BFloat16Number), typeof(AcrossLines), typeof(AlongDepth), typeof(AnyTiles)), ProductSizes.Of(rows, inner, columns));
    }

    [Test]
    public void Products_are_added_where_asked() =>
        Check(new(typeof(Tf32Number), typeof(AlongDepth), typeof(AlongDepth), typeof(AnyTiles)), ProductSizes.Of(20, 40, 24) with { Adds = 1 });

    [Test]
    public void Float32_is_rounded_to_the_nearest_tf32()
    {
        var sizes = ProductSizes.Of(16, 64, 16);
        var random = new System.Random(1);
        var (a, b) = (Values(16 * 64), Values(64 * 16));
        var found = Run(new(typeof(Tf32Number), typeof(AlongDepth), typeof(AcrossLines), typeof(AnyTiles)), sizes, a, b, isNarrow: false);
        var rounded = MatMulReference.Of<float>(Array.ConvertAll(a, Tf32), Array.ConvertAll(b, Tf32), 16, 64, 16);
        var exact = MatMulReference.Of<float>(a, b, 16, 64, 16);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Is.EqualTo(rounded).Within(64 * 64 * 6e-8)); // the sums' own roundings
            Assert.That(found, Is.EqualTo(exact).Within(64 * 1 / 2048.0)); // 2⁻¹² an operand of each product
        }

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }

    [Test]
    public void Results_of_bfloat16_are_rounded_once([Values] bool isWhole)
    {
        var sizes = isWhole ? ProductSizes.Of(128, 64, 128) : ProductSizes.Of(9, 70, 20);
        var random = new System.Random(2);
        var (a, b) = (Values(sizes.Rows * sizes.Inner), Values(sizes.Inner * sizes.Columns));
        var found = Run(new(typeof(BFloat16Number), typeof(AlongDepth), typeof(AcrossLines), isWhole ? typeof(WholeTiles) : typeof(AnyTiles)), sizes, a, b, isNarrow: true);
        // Sums of eighths are exact.
        Assert.That(found, Is.EqualTo(MatMulReference.Of<float>(a, b, sizes.Rows, sizes.Inner, sizes.Columns).Select(x => Wide(BFloat16Rounding.Bits((float)x)))));

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-64, 65) / 8f)];
    }

    private static void Check(Form form, ProductSizes sizes)
    {
        var (rows, inner, columns) = (sizes.Rows, sizes.Inner, sizes.Columns);
        var a = Enumerable.Range(0, sizes.Batch * rows * inner).Select(i => (float)(i * 7 % 17 - 8)).ToArray();
        var b = Enumerable.Range(0, sizes.Batch * inner * columns).Select(i => (float)(i * 5 % 13 - 6)).ToArray();
        var expected = new List<double>();
        for (var part = 0; part < sizes.Parts; part++)
        {
            for (var matrix = 0; matrix < sizes.Batch; matrix++)
            {
                var begin = part * sizes.Chunk;
                var n = Math.Min(sizes.Chunk, inner - begin);
                var left = Enumerable.Range(0, rows * n).Select(i => a[matrix * rows * inner + i / n * inner + begin + i % n]).ToArray();
                expected.AddRange(MatMulReference.Of<float>(left, b.AsSpan((matrix * inner + begin) * columns, n * columns), rows, n, columns));
            }
        }

        var found = Run(form, sizes, a, b, isNarrow: false);
        Assert.That(found, Is.EqualTo(expected.Select(x => sizes.Adds != 0 ? x + 1 : x)));
    }

    /// <summary>Runs a kernel on dense row-major matrices, stored as the form says; results are added to 1 if they are added.</summary>
    private static double[] Run(Form form, ProductSizes sizes, float[] a, float[] b, bool isNarrow)
    {
        var memory = new PtxMemory();
        var machine = PtxMachine.Load(Texts.GetOrAdd(form.Kernel, static kernel => new(() => Ptx.Of(Method(kernel), TensorCoreTile.Threads))).Value, memory);
        machine.WatchesRaces = true;
        var left = Factor(machine, form, form.Left == typeof(AlongDepth), a, sizes.Rows, sizes.Inner, sizes.Batch);
        var right = Factor(machine, form, form.Right == typeof(AcrossLines), b, sizes.Inner, sizes.Columns, sizes.Batch);
        var count = sizes.Rows * sizes.Columns * sizes.Batch * sizes.Parts;
        var total = (int)sizes.Start + count;
        var c = machine.Allocate(total * (isNarrow ? sizeof(ushort) : sizeof(float)));
        if (sizes.Adds != 0) MemoryMarshal.Cast<byte, float>(machine.Memory(c, total * sizeof(float))).Fill(1);
        var arguments = new PtxArguments().Bytes(left).Bytes(right).View(isNarrow ? 0 : c, isNarrow ? 0 : total).Int64(isNarrow ? c : 0).Bytes(sizes);
        machine.Launch(((int)ProductPlace.Groups(sizes, TensorCoreTile.Lines), 1, 1), (TensorCoreTile.Threads, 1, 1), TensorCoreTile.SharedBytes, arguments.ToArray());
        if (isNarrow) return [.. MemoryMarshal.Cast<byte, ushort>(machine.Memory(c, total * sizeof(ushort))).ToArray().Select(Wide)];
        return [.. MemoryMarshal.Cast<byte, float>(machine.Memory(c, total * sizeof(float)))[(int)sizes.Start..].ToArray()];
    }

    // Lines of memory are longer than the matrix's, and end where the memory ends.
    private static TensorCoreFactor Factor(PtxMachine machine, Form form, bool isRowMajor, float[] values, int rows, int columns, int batch)
    {
        var elements = 16 / form.Bytes;
        var (lines, length) = isRowMajor ? (rows, columns) : (columns, rows);
        var isWhole = form.Edges == typeof(WholeTiles);
        var stride = isWhole ? length : (length + PaddingAtLeast + elements - 1) / elements * elements;
        var step = (long)stride * lines;
        var total = Math.Max(0, (int)(step * batch) - (stride - length));
        var address = machine.Allocate(total * form.Bytes);
        var memory = machine.Memory(address, total * form.Bytes);
        for (var i = 0; i < values.Length; i++)
        {
            var (matrix, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
            var at = (int)(matrix * step) + (isRowMajor ? row * stride + column : column * stride + row);
            if (form.Bytes == 4) MemoryMarshal.Cast<byte, float>(memory)[at] = values[i];
            else MemoryMarshal.Cast<byte, ushort>(memory)[at] = BFloat16Rounding.Bits(values[i]);
        }

        return new()
        {
            Address = address,
            Layout = new() { Batch = IndexMap.Create([batch], [step]), RowStride = isRowMajor ? stride : 1, ColumnStride = isRowMajor ? 1 : stride },
        };
    }

    // To eleven significant bits, ties away from zero.
    private static float Tf32(float x) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) + 0x1000 & ~0x1FFFu);

    private static double Wide(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static MethodInfo Method(Type kernel) => kernel.GetMethod("Kernel", BindingFlags.NonPublic | BindingFlags.Static)!;

    private sealed record Form(Type Number, Type Left, Type Right, Type Edges)
    {
        public int Bytes => Number == typeof(Tf32Number) ? sizeof(float) : sizeof(ushort);

        public Type Kernel => typeof(TensorCoreKernel<,,,>).MakeGenericType(Number, Left, Right, Edges);
    }
}
