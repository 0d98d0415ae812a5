namespace Noether.Tests.IO;

public sealed class HostArrayTests
{
    [Test]
    public void Holds_a_copy_of_its_values()
    {
        int[] values = [1, 2, 3, 4, 5, 6];
        var array = HostArray.Of<int>([2, 3], values);
        values[0] = 9;
        Assert.That(array.As<int>().ToArray(), Is.EqualTo(new[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(array.Slice<int>(2, 3).ToArray(), Is.EqualTo(new[] { 3, 4, 5 }));
        Assert.That((array.DType, array.ByteCount), Is.EqualTo((DType.Int32, 24L)));
    }

    [Test]
    public unsafe void Its_pointer_and_its_span_see_the_same_bytes()
    {
        var array = HostArray.Of<double>([2], [1.0, 2.0]);
        Assert.That(((double*)array.Pointer)[1], Is.EqualTo(2.0));
        Assert.That((nint)array.Pointer % sizeof(double), Is.EqualTo((nint)0));
        GC.KeepAlive(array);
    }

    [Test]
    public void Wrong_types_counts_and_ranges_are_refused_by_name()
    {
        var array = HostArray.Of<float>([3], [1, 2, 3]);
        Assert.That(Assert.Throws<DTypeException>(() => array.As<int>())!.Message, Does.Contain("Int32").And.Contains("float32"));
        Assert.That(Assert.Throws<AxisException>(() => array.Slice<float>(2, 2))!.Message, Does.Contain("[3]"));
        Assert.Throws<AxisException>(() => array.Slice<float>(-1, 1));
        Assert.Throws<AxisException>(() => array.Slice<float>(long.MaxValue, 1));
        Assert.That(Assert.Throws<ShapeException>(() => HostArray.Of<float>([2, 2], [1, 2, 3]))!.Message, Does.Contain("[2, 2]"));
    }

    [Test]
    public void Copies_to_a_stream_in_parts()
    {
        var values = new long[400_000]; // 3.2 MB, more than three parts
        for (var i = 0; i < values.Length; i++) values[i] = i * 0x0101_0101L;
        var array = HostArray.Of<long>([values.Length], values);
        using var stream = new MemoryStream();
        array.CopyTo(stream);
        Assert.That(stream.ToArray().AsSpan().SequenceEqual(array.Bytes), Is.True);
    }

    [Test]
    public void An_array_beyond_a_span_is_read_in_parts()
    {
        // 2.2 GB of address space, of which only the touched pages become memory.
        var array = HostArray.Allocate(DType.Int32, [550_000_000]);
        Assert.That(Assert.Throws<MemoryException>(() => _ = array.Bytes)!.Message, Does.Contain("2200000000"));
        array.Writable(2_199_999_996, 4).Fill(1);
        Assert.That(array.Slice<int>(549_999_999, 1)[0], Is.EqualTo(0x01010101));
        Assert.That(array.As<int>().Length, Is.EqualTo(550_000_000));
    }
}
