using Noether.Devices;
using Noether.Devices.Host;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Tests.Devices.Host;

public unsafe class FusedGroupTests
{
    [FsCheck.NUnit.Property(MaxTest = 400, EndSize = 1000000, QuietOnSuccess = true)]
    public void Emitted_loops_give_the_interpreters_bits(int seed)
    {
        var random = new RandomGroup(seed);
        View[] expected = random.NewOutputs(), actual = random.NewOutputs();
        new BoundGroup(random.Group).Run(random.Inputs, expected, LoopPolicy.Never);
        new BoundGroup(random.Group).Run(random.Inputs, actual, LoopPolicy.AtOnce);
        for (var o = 0; o < expected.Length; o++)
            Assert.That(RandomGroup.Values(actual[o]), Is.EqualTo(RandomGroup.Values(expected[o])), () => $"seed {seed}, output {o} of {random}");
        GC.KeepAlive(random);
    }

    // Elementary functions may differ in the last digit between widths, where one has an instruction that the other has not.
    [FsCheck.NUnit.Property(MaxTest = 200, EndSize = 1000000, QuietOnSuccess = true)]
    public void Every_width_gives_the_same_numbers(int seed)
    {
        var random = new RandomGroup(seed, onlyDense: true, shifts: false);
        var group = random.Group;
        if (group.Instructions.Any(i => i.Operation.Accept(FormOf.Visitor).Form is { } form && FormWeight.IsHeavy(form))) return;
        var outputs = new View[3][];
        byte** from = stackalloc byte*[group.Inputs.Length], to = stackalloc byte*[group.Outputs.Length];
        foreach (var (at, width) in (ReadOnlySpan<(int, int)>)[(0, 16), (1, 32), (2, 64)])
        {
            // A step of the widest type may pass the end by more than storages have room for: these have more.
            Shape padded = [(int)random.Shape.Size + 64];
            View[] x = Array.ConvertAll(random.Inputs, v => Padded(v, padded)), y = Array.ConvertAll(group.Outputs, o => Device.Host.NewView(padded, group.TypeOf(o)));
            var loop = LoopEmitter.Emit(group, 0, false, width);
            for (var i = 0; i < x.Length; i++) from[i] = (byte*)x[i].Storage.Handle;
            for (var i = 0; i < y.Length; i++) to[i] = (byte*)y[i].Storage.Handle;
            fixed (byte* constants = new BoundGroup(group).Constants) loop(from, to, constants, random.Shape.Size);
            outputs[at] = Array.ConvertAll(y, v => v.With(Layout.Contiguous([(int)random.Shape.Size])));
        }

        for (var o = 0; o < group.Outputs.Length; o++)
        {
            Assert.That(RandomGroup.Values(outputs[1][o]), Is.EqualTo(RandomGroup.Values(outputs[0][o])), () => $"seed {seed}, 256 bits, output {o} of {random}");
            Assert.That(RandomGroup.Values(outputs[2][o]), Is.EqualTo(RandomGroup.Values(outputs[0][o])), () => $"seed {seed}, 512 bits, output {o} of {random}");
        }
    }

    [Test]
    public void A_group_with_several_outputs_may_write_over_its_inputs([Values(1, 31, 5000)] int count, [Values] bool emitted)
    {
        var group = new ElementwiseGroup(
            [count],
            [DType.Float32, DType.Float32],
            [new(Add.Instance, [0, 1], DType.Float32), new(Multiply.Instance, [0, 1], DType.Float32), new(Subtract.Instance, [2, 0], DType.Float32)],
            [2, 3, 4]);
        View x = Filled(count, 0), y = Filled(count, 1), third = Device.Host.NewView([count], DType.Float32);
        new BoundGroup(group).Run([x, y], [y, x, third], emitted ? LoopPolicy.AtOnce : LoopPolicy.Never);
        for (var i = 0; i < count; i++)
        {
            float a = i, b = i + 1;
            Assert.That(((float*)y.Storage.Handle)[i], Is.EqualTo(a + b));
            Assert.That(((float*)x.Storage.Handle)[i], Is.EqualTo(a * b));
            Assert.That(((float*)third.Storage.Handle)[i], Is.EqualTo(a + b - a));
        }
    }

    [Test]
    public void A_large_result_is_streamed_past_the_caches_unharmed()
    {
        const int count = (1 << 22) + 5;
        var group = new ElementwiseGroup([count], [DType.Float32], [new(Add.Instance, [0, 0], DType.Float32)], [1]);
        View x = Filled(count, 3), y = Device.Host.NewView([count], DType.Float32);
        new BoundGroup(group).Run([x], [y], LoopPolicy.AtOnce);
        for (var i = 0; i < count; i++)
        {
            if (((float*)y.Storage.Handle)[i] != 2f * (i + 3)) Assert.Fail($"element {i} is {((float*)y.Storage.Handle)[i]}");
        }
    }

    [Test]
    public void A_large_result_of_a_wider_type_is_streamed_to_its_last_element()
    {
        const int count = (1 << 21) + 5;
        var group = new ElementwiseGroup([count], [DType.Float32], [new(new Cast(DType.Float64), [0], DType.Float64)], [1]);
        View x = Filled(count, 3), y = Device.Host.NewView([count], DType.Float64);
        new BoundGroup(group).Run([x], [y], LoopPolicy.AtOnce);
        for (var i = 0; i < count; i++)
        {
            if (((double*)y.Storage.Handle)[i] != i + 3) Assert.Fail($"element {i} is {((double*)y.Storage.Handle)[i]}");
        }
    }

    [Test]
    public void Large_rows_beside_a_broadcast_row_are_streamed([Values(2048, 2050)] int columns)
    {
        const int rows = 2000;
        var group = new ElementwiseGroup([rows, columns], [DType.Float32, DType.Float32], [new(Add.Instance, [0, 1], DType.Float32)], [2]);
        View x = Filled(rows * columns, 0), row = Filled(columns, 1), y = Device.Host.NewView([rows, columns], DType.Float32);
        new BoundGroup(group).Run([x.With(Layout.Contiguous([rows, columns])), row.With(row.Layout.BroadcastTo([rows, columns]))], [y], LoopPolicy.AtOnce);
        for (var i = 0; i < rows * columns; i++)
        {
            if (((float*)y.Storage.Handle)[i] != (float)i + (i % columns + 1)) Assert.Fail($"element {i} is {((float*)y.Storage.Handle)[i]}");
        }
    }

    [Test]
    public void Groups_of_equal_structure_share_code_and_keep_their_constants()
    {
        static ElementwiseGroup Scaled(double by) =>
            new([3], [DType.Float32], [new(new Constant(by, DType.Float32, [3]), [], DType.Float32), new(Multiply.Instance, [0, 1], DType.Float32)], [2]);
        Assert.That(FusedGroup.Of(Scaled(2)), Is.SameAs(FusedGroup.Of(Scaled(5))));
        foreach (var by in (double[])[2, 5])
        {
            View x = Filled(3, 1), y = Device.Host.NewView([3], DType.Float32);
            new BoundGroup(Scaled(by)).Run([x], [y], LoopPolicy.AtOnce);
            Assert.That(((float*)y.Storage.Handle)[2], Is.EqualTo(3 * by));
        }
    }

    private static View Filled(int count, float first)
    {
        var view = Device.Host.NewView([count], DType.Float32);
        for (var i = 0; i < count; i++) ((float*)view.Storage.Handle)[i] = first + i;
        return view;
    }

    private static View Padded(View view, Shape shape)
    {
        var result = Device.Host.NewView(shape, view.Type);
        new Span<byte>((void*)result.Storage.Handle, (int)shape.Size * view.Type.Bytes()).Clear();
        new ReadOnlySpan<byte>((void*)view.Storage.Handle, (int)view.Size * view.Type.Bytes()).CopyTo(new((void*)result.Storage.Handle, (int)view.Size * view.Type.Bytes()));
        return result;
    }
}
