namespace Noether.Tests.Tensors;

[NonParallelizable]
public sealed class ReadingTests
{
    [Test]
    public void Reading_in_another_type_evaluates_the_tensor_itself()
    {
        var x = Tensor.From([1f, 2, 3], device: Device.Host).Exp().Reshape(3, 1).Sum();
        Assert.That(x.Item(), Is.GreaterThan(0));
        Assert.That(x.View, Is.Not.Null, "a second reading must not compute again");
    }

    [Test]
    public void Printing_evaluates_the_tensor_itself()
    {
        var x = Tensor.Arange(5000, DType.Float32, Device.Host) * 2;
        Assert.That(x.ToString(), Does.Contain("…"));
        Assert.That(x.View, Is.Not.Null);
    }

    [Test]
    public void Zeros_of_either_sign_are_not_merged()
    {
        var one = Tensor.From([1.0], device: Device.Host);
        var (a, b) = (one / 0.0, one / -0.0);
        Tensor.Evaluate(a, b);
        Assert.That(a.Item(), Is.EqualTo(double.PositiveInfinity));
        Assert.That(b.Item(), Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void A_literal_that_the_tensor_cannot_hold_is_refused()
    {
        var x = Tensor.From([1, 2, 3], device: Device.Host);
        Assert.That(() => x < 3_000_000_000L, Throws.TypeOf<DTypeException>().With.Message.Contains("3000000000").And.Message.Contains("int32"));
        Assert.That(() => x + long.MinValue, Throws.TypeOf<DTypeException>());
        Assert.That((x.To(DType.Int64) + 3_000_000_000L).ToArray<long>()[0], Is.EqualTo(3_000_000_001L));
    }

    [Test]
    public void Sizes_beyond_int64_are_a_shape_error() =>
        Assert.That(() => Shape.Create([1 << 20, 1 << 20, 1 << 20, 1 << 20]), Throws.TypeOf<ShapeException>().With.Message.Contains("1048576"));

    [Test]
    public void A_tensor_larger_than_the_address_space_is_a_memory_error() =>
        Assert.That(() => Tensor.Zeros([int.MaxValue, int.MaxValue], DType.Float64, Device.Host).Evaluate(), Throws.TypeOf<MemoryException>());

    [Test]
    public void Flattening_more_than_an_axis_holds_is_a_shape_error() =>
        Assert.That(() => Tensor.Zeros([1 << 20, 1 << 20], DType.Float32, Device.Host).Flatten(), Throws.TypeOf<ShapeException>().With.Message.Contains("Flatten"));

    [TestCase(2, DType.Int32)]
    [TestCase(17, DType.Int32)]
    [TestCase(0, DType.Int32)]
    public void Whole_powers_of_integers_are_integers(int n, DType expected)
    {
        var y = Tensor.From([1, 2, 3], device: Device.Host).Pow(n);
        Assert.That(y.DType, Is.EqualTo(expected));
        Assert.That(y.ToArray<long>(), Is.EqualTo((long[])[1, 1L << n, (long)Math.Pow(3, n)]));
    }

    [Test]
    public void Floating_powers_of_integers_are_floating() =>
        Assert.That(Tensor.From([1, 2, 3], device: Device.Host).Pow(2.0).DType, Is.EqualTo(DType.Float32));

    [Test]
    public void Integer_division_by_zero_does_not_break_the_engine()
    {
        var x = Tensor.From([7, int.MinValue, -7], device: Device.Host);
        Assert.That(() => x.FloorDivide(Tensor.From([0, -1, 2], device: Device.Host)).ToArray<int>()[2], Is.EqualTo(-4));
        Assert.That((x + 1).ToArray<int>()[0], Is.EqualTo(8));
    }

    [Test]
    public void Elements_are_read_in_place()
    {
        var x = Tensor.From([1f, 2, 3, 4], [2, 2], Device.Host);
        Assert.That(x.Read<float, nint>(Address), Is.EqualTo(x.View!.Storage.Handle));
        Assert.That(x.Narrow(0, 1, 1).Read((ReadOnlySpan<float> values) => values.ToArray()), Is.EqualTo((float[])[3, 4]));
        Assert.That(x.Transpose().Read((ReadOnlySpan<float> values) => values.ToArray()), Is.EqualTo((float[])[1, 3, 2, 4]));
        Assert.That(x.Read((ReadOnlySpan<double> values) => values.ToArray()), Is.EqualTo((double[])[1, 2, 3, 4]));
        Assert.That((x.Sum() * 2).Read((ReadOnlySpan<float> values) => values[0]), Is.EqualTo(20));
        Assert.That(Tensor.Zeros([0, 2], DType.Float32, Device.Host).Read((ReadOnlySpan<float> values) => values.Length), Is.Zero);

        static unsafe nint Address(ReadOnlySpan<float> values)
        {
            fixed (float* first = values) return (nint)first;
        }
    }

    [Test]
    public void Elements_stay_while_they_are_read()
    {
        var step = Transform.Compile((Tensor[] a) => [a[0] * 3], 0);
        var x = (Tensor.From([1f, 2, 3], device: Device.Host) + 0).Evaluate();
        x.Read((ReadOnlySpan<float> values) =>
        {
            Assert.That(step([x])[0].ToArray<float>(), Is.EqualTo((float[])[3, 6, 9]));
            Assert.That(values.ToArray(), Is.EqualTo((float[])[1, 2, 3]));
        });
        Assert.That(x.ToArray<float>(), Is.EqualTo((float[])[1, 2, 3]));
        step([x])[0].Evaluate();
        Assert.That(() => x.ToArray<float>(), Throws.TypeOf<DisposedException>(), "after the reading it is donated");
    }

    [Test]
    public void Elements_are_written_in_place()
    {
        var x = Tensor.Create<double>([2, 3], values =>
        {
            for (var i = 0; i < values.Length; i++) values[i] = i;
        }, Device.Host);
        Assert.That(x.DType, Is.EqualTo(DType.Float64));
        Assert.That((x * 2).ToArray<double>(), Is.EqualTo((double[])[0, 2, 4, 6, 8, 10]));
        Assert.That(() => Tensor.Create<byte>([2], _ => { }, Device.Host), Throws.TypeOf<DTypeException>());
        Assert.That(() => Tensor.Create<float>([1 << 20, 1 << 20], _ => { }, Device.Host), Throws.TypeOf<ShapeException>().With.Message.Contains("Create"));
    }

    [Test]
    public void An_allocation_that_throws_leaves_the_engine_usable()
    {
        Assert.That(() => Tensor.Create<float>([8], _ => throw new InvalidOperationException("mine"), Device.Host), Throws.InvalidOperationException);
        Assert.That(Tensor.Ones([8], DType.Float32, Device.Host).Sum().Item(), Is.EqualTo(8));
    }
}
