using ILGPU;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;

namespace Noether.Kernels.Tests.Elementwise;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ElementwiseKernelTests(string lane) : KernelFixture(lane)
{
    private static readonly float[] Special = [0, -0f, 1, -2.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 3e9f, -3e9f, 2.5f];

    [Test]
    public void A_chain_stores_several_outputs()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var y = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var sum = program.Call(Forms.Of<Forms.Add>(), x, y);
        var square = program.Call(Forms.Of<Forms.Multiply>(), sum, sum);
        program.Output(program.Call(Forms.Of<Forms.SquareRoot>(), square));
        program.Output(sum);

        float[] a = [.. Enumerable.Range(0, 300).Select(i => MathF.Sin(i))], b = [.. Enumerable.Range(0, 300).Select(i => MathF.Cos(i))];
        var (root, plain) = (Allocate<float>(300), Allocate<float>(300));
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 300, [Bytes(Upload(a)), Bytes(Upload(b))], [], [Bytes(root), Bytes(plain)]);
        Assert.That(Download(plain), Is.EqualTo(a.Zip(b, (p, q) => p + q)));
        Assert.That(Download(root), Is.EqualTo(a.Zip(b, (p, q) => MathF.Sqrt((p + q) * (p + q)))).Within(1).Ulps); // OpenCL's sqrt may err by some ulp
    }

    [Test]
    public void Single_and_strided_inputs_meet_contiguous_ones()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Int32, InputAccess.Contiguous);
        var row = program.Input(ElementType.Int32, InputAccess.Strided);
        var transposed = program.Input(ElementType.Int32, InputAccess.Strided);
        var scalar = program.Input(ElementType.Int32, InputAccess.Single);
        var sum = program.Call(Forms.Of<Forms.Add>(), program.Call(Forms.Of<Forms.Multiply>(), x, scalar), row);
        program.Output(program.Call(Forms.Of<Forms.Add>(), sum, transposed));

        var (a, b, c) = (Enumerable.Range(0, 12).ToArray(), new[] { 100, 200, 300, 400 }, Enumerable.Range(1000, 12).ToArray());
        var y = Allocate<int>(12);
        new ElementwiseKernel(Accelerator, program).Launch(
            Stream, 12, [Bytes(Upload(a)), Bytes(Upload(b)), Bytes(Upload(c)), Bytes(Upload(7))],
            [IndexMap.Create([3, 4], [0, 1]), IndexMap.Create([3, 4], [1, 3])], [Bytes(y)]);
        Assert.That(Download(y), Is.EqualTo(Enumerable.Range(0, 12).Select(i => 7 * a[i] + b[i % 4] + c[i % 4 * 3 + i / 4])));
    }

    [Test]
    public void Many_runs_are_one_launch()
    {
        // y = scale·x + b and y rounded to an integer, of eight runs whose operands lie anywhere in one memory for each
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var b = program.Input(ElementType.Float64, InputAccess.Single);
        var scaled = program.Call(Forms.Of<Forms.Multiply>(), x, program.Number(ElementType.Float32));
        program.Output(program.Call(Forms.Of<Forms.Add>(), scaled, program.Cast(b, ElementType.Float32)));
        program.Output(program.Cast(x, ElementType.Int32));
        var kernel = new ElementwiseKernel(Accelerator, program);
        long[] counts = [5, 1, 4, 300, 2048, 7, 8, 1025];
        foreach (var slack in new[] { 0, 1 }) // places that are multiples of four elements, and others
        {
            long[] starts = [.. counts.Select((_, i) => 8 + slack + counts[..i].Sum(count => (count + 11) / 8 * 8))];
            var memory = Enumerable.Range(0, 4096).Select(i => i * 0.75f - 1000).ToArray();
            var shifts = Enumerable.Range(0, counts.Length).Select(i => i * 10.0).ToArray();
            var places = starts.SelectMany((start, i) => new[] { start * 4, i * 8L, start * 4, (start + 16) * 4 }).ToArray();
            var table = new long[kernel.TableSize(counts.Length)];
            kernel.Tabulate(counts, places, table, out var areAligned);
            Assert.That(areAligned, Is.EqualTo(slack == 0));

            var (y, rounded) = (Upload(new float[4096]), Upload(new int[4096]));
            kernel.LaunchMany(
                Stream, Upload(table), counts.Length, table[counts.Length], [Bytes(Upload(memory)), Bytes(Upload(shifts))], [Bytes(y), Bytes(rounded)],
                [ElementwiseKernel.Bits(ElementType.Float32, 2)], areAligned);
            var (expected, expectedRounded) = (new float[4096], new int[4096]);
            for (var run = 0; run < counts.Length; run++)
            {
                for (var i = starts[run]; i < starts[run] + counts[run]; i++)
                    (expected[i], expectedRounded[i + 16]) = (2 * memory[i] + run * 10, (int)memory[i]);
            }

            Assert.That(Download(y), Is.EqualTo(expected));
            Assert.That(Download(rounded), Is.EqualTo(expectedRounded));
        }
    }

    [Test]
    public void Elements_of_every_width_move_by_fours_and_one_by_one()
    {
        // x + 1 of each type, behind some elements that must stay: 4 and 8 are aligned for every type, 1 and 2 for none of these
        ElementType[] types = [ElementType.Int32, ElementType.Int64, ElementType.BFloat16, ElementType.Float64];
        var program = new LaneProgram();
        foreach (var type in types)
            program.Output(program.Call(Forms.Of<Forms.Add>(), program.Input(type, InputAccess.Contiguous), program.Constant(type, 1)));
        var kernel = new ElementwiseKernel(Accelerator, program);
        foreach (var count in new[] { 0, 1, 3, 4, 5, 127, 130 })
        {
            foreach (var (offset, outputOffset) in new[] { (0, 0), (4, 8), (1, 0), (0, 2), (1, 2) }) Check(count, offset, outputOffset);
        }

        void Check(int count, int offset, int outputOffset)
        {
            var numbers = Enumerable.Range(0, offset + count + 1).ToArray();
            var (i, l, h, d) = (
                Upload(numbers), Upload(Array.ConvertAll(numbers, v => (long)v << 33)),
                Upload(Array.ConvertAll(numbers, v => Narrow(v % 100))), Upload(Array.ConvertAll(numbers, v => v / 8.0)));
            var length = outputOffset + count + 5;
            var (yi, yl, yh, yd) = (Upload(new int[length]), Upload(new long[length]), Upload(new ushort[length]), Upload(new double[length]));
            kernel.Launch(
                Stream, count, [Part(i, offset), Part(l, offset), Part(h, offset), Part(d, offset)], [],
                [Part(yi, outputOffset), Part(yl, outputOffset), Part(yh, outputOffset), Part(yd, outputOffset)]);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(Download(yi), Is.EqualTo(Framed(v => v + 1)));
                Assert.That(Download(yl), Is.EqualTo(Framed(v => ((long)v << 33) + 1)));
                Assert.That(Download(yh), Is.EqualTo(Framed(v => Narrow(v % 100 + 1))));
                Assert.That(Download(yd), Is.EqualTo(Framed(v => v / 8.0 + 1)));
            }

            ArrayView<byte> Part<T>(ArrayView<T> view, int start)
                where T : unmanaged => Bytes(view.SubView(start, count));

            IEnumerable<T> Framed<T>(Func<int, T> value)
                where T : struct => [.. new T[outputOffset], .. Enumerable.Range(offset, count).Select(value), .. new T[5]];
        }
    }

    [Test]
    public void Doubles_that_are_aligned_to_16_bytes_only_are_found()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float64, InputAccess.Contiguous);
        program.Output(program.Call(Forms.Of<Forms.Add>(), x, x));
        var a = Enumerable.Range(0, 10).Select(i => (double)i).ToArray();
        var y = Upload(new double[10]);
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 6, [Bytes(Upload(a).SubView(2, 6))], [], [Bytes(y.SubView(2, 6))]);
        Assert.That(Download(y), Is.EqualTo(new[] { 0, 0, 4.0, 6, 8, 10, 12, 14, 0, 0 }));
    }

    [Test]
    public void A_long_program_takes_its_lanes_in_a_loop()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Int32, InputAccess.Contiguous);
        var y = x;
        for (var i = 0; i < 60; i++) y = program.Call(Forms.Of<Forms.Add>(), y, x);
        program.Output(y);
        program.Output(program.Iota(ElementType.Int32));
        var (a, b, c) = (Enumerable.Range(7, 39).ToArray(), Allocate<int>(39), Allocate<int>(39));
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 39, [Bytes(Upload(a))], [], [Bytes(b), Bytes(c)]);
        Assert.That(Download(b), Is.EqualTo(a.Select(v => 61 * v)));
        Assert.That(Download(c), Is.EqualTo(Enumerable.Range(0, 39)));
    }

    // Sizes and strides of the second operand of a sum.
    private static readonly object[] Maps =
    [
        new object[] { new[] { 5, 8 }, new long[] { 0, 1 }, 4L, InputAccess.Runs }, // a row
        new object[] { new[] { 3, 5, 4 }, new long[] { 8, 0, 1 }, 0L, InputAccess.Runs },
        new object[] { new[] { 5, 8 }, new long[] { 0, 1 }, 3L, InputAccess.Strided }, // a row that is not aligned
        new object[] { new[] { 5, 7 }, new long[] { 0, 1 }, 0L, InputAccess.Strided },
        new object[] { new[] { 5, 8 }, new long[] { 1, 0 }, 1L, InputAccess.Repeated }, // a column
        new object[] { new[] { 3, 5, 12 }, new long[] { 1, 3, 0 }, 0L, InputAccess.Repeated },
        new object[] { new[] { 5, 7 }, new long[] { 1, 0 }, 0L, InputAccess.Strided },
        new object[] { new[] { 6, 8 }, new long[] { 1, 6 }, 0L, InputAccess.Strided }, // transposed
        new object[] { new[] { 33 }, new long[] { -1 }, 32L, InputAccess.Strided }, // reversed
        new object[] { new[] { 2, 3, 2, 2, 2, 3, 2, 2 }, new long[] { 1, 2, 6, 12, 24, 48, 144, 288 }, 0L, InputAccess.Strided },
    ];

    [TestCaseSource(nameof(Maps))]
    public void Inputs_lie_as_their_maps_say(int[] sizes, long[] strides, long offset, InputAccess access)
    {
        var map = IndexMap.Create(sizes, strides, offset);
        Assert.That(ElementwiseKernel.AccessOf(map), Is.EqualTo(access));
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        program.Output(program.Call(Forms.Of<Forms.Add>(), x, program.Input(ElementType.Float32, access)));

        var count = sizes.Aggregate(1, (product, size) => product * size);
        float[] a = [.. Enumerable.Range(0, count).Select(i => i * 1000f)], b = [.. Enumerable.Range(0, 600).Select(i => (float)i)];
        var y = Allocate<float>(count);
        new ElementwiseKernel(Accelerator, program).Launch(Stream, count, [Bytes(Upload(a)), Bytes(Upload(b))], [map], [Bytes(y)]);
        Assert.That(Download(y), Is.EqualTo(Enumerable.Range(0, count).Select(i => a[i] + b[map.At(i)])));
    }

    [Test]
    public void Maps_beyond_32_bits_have_a_kernel_of_their_own()
    {
        var map = IndexMap.Create([1, 6], [3, 1L << 40]);
        Assert.That(map.TryNarrow(6, out _), Is.False);
        // a stride that wide, and never taken: the traversal stays in the first of two blocks
        map = IndexMap.Create([2, 3], [1L << 40, 2], 1);
        var program = new LaneProgram();
        program.Output(program.Input(ElementType.Int32, InputAccess.Strided));
        var y = Allocate<int>(3);
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 3, [Bytes(Upload(0, 1, 2, 3, 4, 5))], [map], [Bytes(y)]);
        Assert.That(Download(y), Is.EqualTo(new[] { 1, 3, 5 }));
    }

    [Test]
    public void Runs_that_are_not_aligned_are_refused()
    {
        var program = new LaneProgram();
        program.Output(program.Input(ElementType.Int32, InputAccess.Runs));
        var kernel = new ElementwiseKernel(Accelerator, program);
        var x = Bytes(Upload(new int[9]).SubView(1, 8));
        Assert.That(
            () => kernel.Launch(Stream, 16, [x], [IndexMap.Create([2, 8], [0, 1])], [Bytes(Allocate<int>(16))]),
            Throws.ArgumentException.With.Message.Contains("input 0 of runs"));
    }

    [Test]
    public void Comparisons_and_selection_agree_with_the_host_on_special_numbers()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var y = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var less = program.Ask(Forms.Of<Forms.Less>(), x, y);
        var lessOrEqual = program.Ask(Forms.Of<Forms.LessOrEqual>(), x, y);
        program.Output(less);
        program.Output(lessOrEqual);
        program.Output(program.Select(lessOrEqual, x, program.Constant(ElementType.Float32, -7.25)));
        program.Output(program.Call(Forms.Of<Forms.Maximum>(), x, y));
        program.Output(program.Call(Forms.Of<Forms.Minimum>(), x, y));
        program.Output(program.Call(Forms.Of<Forms.Sign>(), x));
        program.Output(program.Call(Forms.Of<Forms.And>(), less, lessOrEqual));

        float[] a = [.. Special.SelectMany(_ => Special)], b = [.. Special.SelectMany(v => Special.Select(_ => v))];
        var n = a.Length;
        byte[] isLess = [.. a.Zip(b, (p, q) => (byte)(p < q ? 1 : 0))], isLessOrEqual = [.. a.Zip(b, (p, q) => (byte)(p <= q ? 1 : 0))];
        var (l, le, s, max, min, sign, and) =
            (Allocate<byte>(n), Allocate<byte>(n), Allocate<float>(n), Allocate<float>(n), Allocate<float>(n), Allocate<float>(n), Allocate<byte>(n));
        new ElementwiseKernel(Accelerator, program).Launch(
            Stream, n, [Bytes(Upload(a)), Bytes(Upload(b))], [],
            [Bytes(l), Bytes(le), Bytes(s), Bytes(max), Bytes(min), Bytes(sign), Bytes(and)]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Download(l), Is.EqualTo(isLess));
            Assert.That(Download(le), Is.EqualTo(isLessOrEqual));
            Assert.That(Download(s), Is.EqualTo(a.Zip(b, (p, q) => p <= q ? p : -7.25f)));
            Assert.That(Download(max), Is.EqualTo(a.Zip(b, MathF.Max)));
            Assert.That(Download(min), Is.EqualTo(a.Zip(b, MathF.Min)));
            Assert.That(Download(sign), Is.EqualTo(a.Select(p => p > 0 ? 1 : p < 0 ? -1 : p - p)));
            Assert.That(Download(and), Is.EqualTo(isLess));
        }
    }

    // ILGPU exchanges the operands of such a comparison, and for CUDA forgets there what it must say of a NaN.
    [Test]
    public void A_constant_on_the_left_compares_as_it_does_on_the_right()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var z = program.Input(ElementType.Float64, InputAccess.Contiguous);
        var i = program.Input(ElementType.Int32, InputAccess.Contiguous);
        var (one, two, three) = (program.Constant(ElementType.Float32, 1), program.Constant(ElementType.Float64, 1), program.Constant(ElementType.Int32, 1));
        program.Output(program.Ask(Forms.Of<Forms.Less>(), one, x));
        program.Output(program.Ask(Forms.Of<Forms.LessOrEqual>(), one, x));
        program.Output(program.Ask(Forms.Of<Forms.Less>(), two, z));
        program.Output(program.Ask(Forms.Of<Forms.LessOrEqual>(), three, i));
        program.Output(program.Call(Forms.Of<Forms.Maximum>(), x, one));
        program.Output(program.Call(Forms.Of<Forms.Minimum>(), x, one));
        program.Output(program.Call(Forms.Of<Forms.Maximum>(), z, two));

        double[] wide = [.. Special.Select(v => (double)v)];
        int[] integers = [.. Special.Select(v => float.IsFinite(v) ? (int)v : -5)];
        var n = Special.Length;
        var (less, lessOrEqual, lessWide, lessInteger) = (Allocate<byte>(n), Allocate<byte>(n), Allocate<byte>(n), Allocate<byte>(n));
        var (most, least, mostWide) = (Allocate<float>(n), Allocate<float>(n), Allocate<double>(n));
        new ElementwiseKernel(Accelerator, program).Launch(
            Stream, n, [Bytes(Upload(Special)), Bytes(Upload(wide)), Bytes(Upload(integers))], [],
            [Bytes(less), Bytes(lessOrEqual), Bytes(lessWide), Bytes(lessInteger), Bytes(most), Bytes(least), Bytes(mostWide)]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Download(less), Is.EqualTo(Special.Select(v => v > 1 ? 1 : 0)));
            Assert.That(Download(lessOrEqual), Is.EqualTo(Special.Select(v => v >= 1 ? 1 : 0)));
            Assert.That(Download(lessWide), Is.EqualTo(Special.Select(v => v > 1 ? 1 : 0)));
            Assert.That(Download(lessInteger), Is.EqualTo(integers.Select(v => v >= 1 ? 1 : 0)));
            Assert.That(Download(most), Is.EqualTo(Special.Select(v => MathF.Max(v, 1))));
            Assert.That(Download(least), Is.EqualTo(Special.Select(v => MathF.Min(v, 1))));
            Assert.That(Download(mostWide), Is.EqualTo(wide.Select(v => Math.Max(v, 1))));
        }
    }

    [Test]
    public void Casts_agree_with_the_host()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        foreach (var type in new[] { ElementType.Int32, ElementType.Int64, ElementType.Float64, ElementType.Bool, ElementType.BFloat16 }) program.Output(program.Cast(x, type));
        var n = Special.Length;
        var (i, l, d, b, h) = (Allocate<int>(n), Allocate<long>(n), Allocate<double>(n), Allocate<byte>(n), Allocate<ushort>(n));
        new ElementwiseKernel(Accelerator, program).Launch(Stream, n, [Bytes(Upload(Special))], [], [Bytes(i), Bytes(l), Bytes(d), Bytes(b), Bytes(h)]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Download(i), Is.EqualTo(Special.Select(v => (int)v)));
            Assert.That(Download(l), Is.EqualTo(Special.Select(v => (long)v)));
            Assert.That(Download(d), Is.EqualTo(Special.Select(v => (double)v)));
            Assert.That(Download(b), Is.EqualTo(Special.Select(v => (byte)(v != 0 ? 1 : 0))));
            Assert.That(Download(h), Is.EqualTo(Special.Select(Narrow)));
        }
    }

    [Test]
    public void Small_integers_survive_every_cast([Values] ElementType from)
    {
        var program = new LaneProgram();
        var x = program.Cast(program.Iota(ElementType.Int32), from); // 0, 1, 2, …; as bool 0, 1, 1, …
        var types = Enum.GetValues<ElementType>();
        foreach (var type in types) program.Output(program.Cast(program.Cast(x, type), ElementType.Float64));
        var y = types.Select(_ => Allocate<double>(9)).ToArray();
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 9, [], [], [.. y.Select(Bytes)]);
        foreach (var (type, result) in types.Zip(y))
        {
            var isBool = type == ElementType.Bool || from == ElementType.Bool;
            Assert.That(Download(result), Is.EqualTo(Enumerable.Range(0, 9).Select(i => isBool ? Math.Min(i, 1.0) : i)), $"{from} to {type}");
        }
    }

    [Test]
    public void Bfloat16_registers_are_rounded_after_each_operation()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.BFloat16, InputAccess.Contiguous);
        var sum = program.Call(Forms.Of<Forms.Add>(), x, program.Constant(ElementType.BFloat16, 1 / 3.0));
        program.Output(program.Call(Forms.Of<Forms.Multiply>(), sum, x));
        program.Output(program.Cast(sum, ElementType.Float32));

        ushort[] a = [.. Enumerable.Range(0, 100).Select(i => Narrow(i / 7f))];
        var (y, z) = (Allocate<ushort>(100), Allocate<float>(100));
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 100, [Bytes(Upload(a))], [], [Bytes(y), Bytes(z)]);
        float[] sums = [.. a.Select(v => Widen(Narrow(Widen(v) + Widen(Narrow(1 / 3f)))))];
        Assert.That(Download(z), Is.EqualTo(sums));
        Assert.That(Download(y), Is.EqualTo(sums.Zip(a, (s, v) => Narrow(s * Widen(v)))));
    }

    [Test]
    public void Numbers_of_elements_and_exact_integers()
    {
        var program = new LaneProgram();
        var wide = program.Call(Forms.Of<Forms.Add>(), program.Iota(ElementType.Int64), program.Constant(ElementType.Int64, (1L << 60) + 1));
        program.Output(wide);
        program.Output(program.Iota(ElementType.Int32));
        program.Output(program.Constant(ElementType.Float64, double.NegativeInfinity));
        var (w, n, c) = (Allocate<long>(5), Allocate<int>(5), Allocate<double>(5));
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 5, [], [], [Bytes(w), Bytes(n), Bytes(c)]);
        Assert.That(Download(w), Is.EqualTo(Enumerable.Range(0, 5).Select(i => (1L << 60) + 1 + i)));
        Assert.That(Download(n), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(Download(c), Is.All.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void Numbers_given_at_the_launch_reach_every_type([Values] ElementType type)
    {
        var program = new LaneProgram();
        program.Output(program.Cast(program.Number(type), ElementType.Float64));
        program.Output(program.Cast(program.Number(ElementType.Int32), ElementType.Int64));
        var kernel = new ElementwiseKernel(Accelerator, program);
        foreach (var number in new[] { 1.0, 0, -3.3 })
        {
            var (y, z) = (Allocate<double>(2), Allocate<long>(2));
            kernel.Launch(Stream, 2, [], [], [Bytes(y), Bytes(z)], [ElementwiseKernel.Bits(type, number), ElementwiseKernel.Bits(ElementType.Int32, -5)]);
            double expected = type switch
            {
                ElementType.Bool => number != 0 ? 1 : 0,
                ElementType.Int32 or ElementType.Int64 => Math.Truncate(number),
                ElementType.BFloat16 => Widen(Narrow((float)number)),
                ElementType.Float32 => (float)number,
                _ => number,
            };
            Assert.That(Download(y), Is.All.EqualTo(expected));
            Assert.That(Download(z), Is.All.EqualTo(-5));
        }
    }

    [Test]
    public void Thirty_operands_fit_one_kernel()
    {
        var program = new LaneProgram();
        var sum = program.Constant(ElementType.Int32, 0L);
        for (var i = 0; i < 29; i++) sum = program.Call(Forms.Of<Forms.Add>(), sum, program.Input(ElementType.Int32, InputAccess.Contiguous));
        program.Output(sum);
        var x = Bytes(Upload(1, 2, 3));
        var y = Allocate<int>(3);
        new ElementwiseKernel(Accelerator, program).Launch(Stream, 3, [.. Enumerable.Repeat(x, 29)], [], [Bytes(y)]);
        Assert.That(Download(y), Is.EqualTo(new[] { 29, 58, 87 }));
    }

    [Test]
    public void Programs_of_one_structure_share_a_kernel()
    {
        var cache = new KernelCache(Accelerator);
        var first = cache.Get(Doubling(2));
        Assert.That(cache.Get(Doubling(2)), Is.SameAs(first));
        Assert.That(cache.Get(Doubling(3)), Is.Not.SameAs(first));

        static LaneProgram Doubling(double factor)
        {
            var program = new LaneProgram();
            program.Output(program.Call(Forms.Of<Forms.Multiply>(), program.Input(ElementType.Float32, InputAccess.Contiguous), program.Constant(ElementType.Float32, factor)));
            return program;
        }
    }

    private static ArrayView<byte> Bytes<T>(ArrayView<T> view)
        where T : unmanaged => view.Cast<byte>();

    private static ushort Narrow(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
