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
