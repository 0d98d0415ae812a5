using System.Runtime.CompilerServices;
using static Noether.Transform;
using Numerics = System.Numerics.Tensors;

namespace Noether.Tests.Tensors;

[NonParallelizable]
public sealed class BorrowedMemoryTests
{
    // Every alignment of the end within a page, the ends that make a copy necessary among them.
    [Test]
    public void Memory_is_shown_where_it_lies_wherever_it_ends()
    {
        var memory = GC.AllocateArray<float>(4096, pinned: true);
        for (var i = 0; i < memory.Length; i++) memory[i] = i;
        var copied = 0;
        for (var length = 1; length <= 2048; length++)
        {
            var x = Tensor.Wrap<float>(memory.AsMemory(5, length), device: Device.Host);
            if (x.View!.Storage.Handle != Address(ref memory[5])) copied++;
            Assert.That(x.Sum().Item(), Is.EqualTo(length * 5.0 + length * (length - 1.0) / 2).Within(1e-6).Percent, $"{length}");
        }

        Assert.That(copied, Is.InRange(32, 64), "16 floats before the end of each of the pages that 8 KiB touch");
    }

    [Test]
    public void A_wrapped_tensor_computes_and_differentiates()
    {
        var x = Tensor.Wrap<double>(new double[] { 1, 2, 3, 4, 5, 6 }, [2, 3], Device.Host);
        Assert.That(Grad(static x => (x * x).Sum())(x).ToArray<double>(), Is.EqualTo((double[])[2, 4, 6, 8, 10, 12]));
        Assert.That(x.Transpose().MatMul(x).ToArray<double>(), Is.EqualTo((double[])[17, 22, 27, 22, 29, 36, 27, 36, 45]));
    }

    [Test]
    public void Memory_is_never_written_even_if_donated()
    {
        var values = Enumerable.Range(0, 100).Select(static i => (float)i).ToArray();
        var step = Compile(static (Tensor[] a) => [a[0] + 1], 0);
        var x = Tensor.Wrap<float>(values, device: Device.Host);
        Assert.That(step([x])[0].ToArray<float>()[99], Is.EqualTo(100));
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void Memory_is_let_go_when_no_tensor_shows_it()
    {
        var array = Wrapped();
        for (var i = 0; i < 10 && array.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(array.IsAlive, Is.False);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Wrapped()
        {
            var values = new float[1000];
            var x = Tensor.Wrap<float>(values, device: Device.Host);
            GC.Collect();
            Assert.That(x.Sum().Item(), Is.Zero);
            return new(values);
        }
    }

    [Test]
    public void A_numerics_tensor_is_shown_in_its_own_strides()
    {
        var values = Enumerable.Range(0, 24).Select(static i => (double)i).ToArray();
        var tensor = Numerics.Tensor.Create(values, (nint[])[4, 6]);
        var x = Tensor.Wrap(tensor, Device.Host);
        Assert.That(x.Shape, Is.EqualTo(Shape.Create([4, 6])));
        Assert.That(x.ToArray<double>(), Is.EqualTo(values));

        var block = Tensor.Wrap(tensor.Slice(1..3, 2..5), Device.Host);
        Assert.That(block.Shape, Is.EqualTo(Shape.Create([2, 3])));
        Assert.That(block.ToArray<double>(), Is.EqualTo((double[])[8, 9, 10, 14, 15, 16]));
        Assert.That((block * 2).Sum(0).ToArray<double>(), Is.EqualTo((double[])[44, 48, 52]));
        Assert.That(Tensor.Wrap(Numerics.Tensor.PermuteDimensions(tensor, [1, 0]), Device.Host).ToArray<double>()[1], Is.EqualTo(6));
        Assert.That(Tensor.Wrap(Numerics.Tensor.Create<float>([], (nint[])[0, 3]), Device.Host).Shape, Is.EqualTo(Shape.Create([0, 3])));
        Assert.That(() => Tensor.Wrap(Numerics.Tensor.Create<byte>([1, 2], (nint[])[2]), Device.Host), Throws.TypeOf<DTypeException>());
    }

    [Test]
    public void Elements_are_lent_as_memory_and_as_a_tensor_span()
    {
        var x = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3], Device.Host);
        var memory = x.AsMemory<float>();
        Assert.That(memory.ToArray(), Is.EqualTo((float[])[1, 2, 3, 4, 5, 6]));
        using (var pin = memory[2..].Pin())
        {
            unsafe
            {
                Assert.That((nint)pin.Pointer, Is.EqualTo(x.View!.Storage.Handle + 2 * sizeof(float)));
            }
        }

        Assert.That(x.Transpose().AsMemory<float>().ToArray(), Is.EqualTo((float[])[1, 4, 2, 5, 3, 6]));
        Assert.That(x.AsMemory<int>().ToArray(), Is.EqualTo((int[])[1, 2, 3, 4, 5, 6]));
        Assert.That(x.ReadTensor<float, float>(static span => span[1, 2] + span.Lengths.Length), Is.EqualTo(8));
        Assert.That(x.ToNumerics<double>()[1, 0], Is.EqualTo(4));
        Assert.That(Tensor.Zeros([0, 2], DType.Float32, Device.Host).AsMemory<float>().Length, Is.Zero);
    }

    [Test]
    public void Lent_memory_stays_though_the_tensor_is_donated_or_collected()
    {
        var step = Compile(static (Tensor[] a) => [a[0] * 3], 0);
        var memory = Lend();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _ = Tensor.Ones([3], DType.Float32, Device.Host).Evaluate();
        Assert.That(memory.ToArray(), Is.EqualTo((float[])[1, 2, 3]));

        [MethodImpl(MethodImplOptions.NoInlining)]
        ReadOnlyMemory<float> Lend()
        {
            var x = (Tensor.From([0f, 1, 2], device: Device.Host) + 1).Evaluate();
            var lent = x.AsMemory<float>();
            step([x])[0].Evaluate();
            return lent;
        }
    }

    private static unsafe nint Address(ref float first) => (nint)Unsafe.AsPointer(ref first);
}
