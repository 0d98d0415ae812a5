using Noether.Kernels.Copies;

namespace Noether.Kernels.Tests.Copies;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class StridedCopyKernelTests(string lane) : KernelFixture(lane)
{
    private static readonly object[] Layouts =
    [
        new object[] { new[] { 300 }, new long[] { 1 }, 0L },
        new object[] { new[] { 5, 7 }, new long[] { 1, 5 }, 0L }, // transposed
        new object[] { new[] { 4, 3, 5 }, new long[] { 0, 5, 1 }, 2L }, // broadcast
        new object[] { new[] { 6, 4 }, new long[] { -4, -1 }, 23L }, // reversed
        new object[] { new[] { 3, 1, 4 }, new long[] { 8, 99, 2 }, 1L }, // every other column
        new object[] { Array.Empty<int>(), Array.Empty<long>(), 3L }, // a single element
        new object[] { new[] { 2, 3, 2, 2, 2, 3, 2, 2 }, new long[] { 1, 2, 6, 12, 24, 48, 144, 288 }, 0L }, // rank 8, nothing joins
        new object[] { new[] { 2, 0, 3 }, new long[] { 3, 3, 1 }, 0L }, // empty
    ];

    [TestCaseSource(nameof(Layouts))]
    public void Elements_arrive_in_row_major_order(int[] sizes, long[] strides, long offset)
    {
        var source = Enumerable.Range(0, 600).ToArray();
        var expected = Places(sizes, strides, offset).Select(place => source[place]).ToArray();
        var destination = Allocate<int>(expected.Length);
        new StridedCopyKernel<int>(Accelerator).Launch(
            Stream, Upload(source), IndexMap.Create(sizes, strides, offset), destination, IndexMap.Contiguous(), expected.Length);
        Assert.That(Download(destination), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Layouts))]
    public void The_map_agrees_with_the_coordinates(int[] sizes, long[] strides, long offset)
    {
        var expected = Places(sizes, strides, offset);
        var map = IndexMap.Create(sizes, strides, offset);
        Assert.That(Enumerable.Range(0, expected.Length).Select(i => map.At(i)), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Layouts))]
    public void A_narrow_map_agrees_with_the_wide_one(int[] sizes, long[] strides, long offset)
    {
        var map = IndexMap.Create(sizes, strides, offset);
        var count = sizes.Aggregate(1, (product, size) => product * size);
        Assert.That(map.TryNarrow(count, out var narrow), Is.True);
        Assert.That(Enumerable.Range(0, count).Select(i => narrow.At(i)), Is.EqualTo(Enumerable.Range(0, count).Select(i => map.At(i))));
    }

    [Test]
    public void Quotients_by_products_and_shifts_are_exact([Values(2, 3, 4, 7, 641, 1000003, 65537, 1 << 30, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue)] int size)
    {
        // one element of the outer axis lies where the inner axis ends
        var map = IndexMap.Create([int.MaxValue / size, size], [1, 0]);
        Assert.That(map.TryNarrow(int.MaxValue, out var narrow), Is.True);
        var around = from multiple in new long[] { 0, 1, 2, int.MaxValue / size / 2, int.MaxValue / size - 1, int.MaxValue / size }
                     from away in new[] { -1, 0, 1 }
                     let index = multiple * size + away
                     where index is >= 0 and < int.MaxValue
                     select index;
        foreach (var index in around) Assert.That(narrow.At(index), Is.EqualTo(map.At(index)), $"{index}");
    }

    [Test]
    public void Places_beyond_32_bits_have_no_narrow_map()
    {
        Assert.That(IndexMap.Create([2, 3], [1L << 31, 1]).TryNarrow(6, out _), Is.False);
        Assert.That(IndexMap.Create([1 << 16, 1 << 15], [1, 1 << 16]).TryNarrow(1L << 31, out _), Is.False);
        Assert.That(IndexMap.Create([2, 3], [1L << 29, 1], 1L << 40).TryNarrow(6, out var far), Is.True);
        Assert.That(far.At(5), Is.EqualTo((1L << 40) + (1L << 29) + 2));
    }

    [Test]
    public void The_destination_may_be_strided_too()
    {
        // columns 1 and 3 of a 3 x 4 matrix
        var destination = Upload(new byte[12]);
        new StridedCopyKernel<byte>(Accelerator).Launch(
            Stream, Upload<byte>(1, 2, 3, 4, 5, 6), IndexMap.Contiguous(), destination, IndexMap.Create([3, 2], [4, 2], 1), 6);
        Assert.That(Download(destination), Is.EqualTo(new byte[] { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6 }));
    }

    [Test]
    public void Two_and_eight_byte_elements_are_copied()
    {
        var shorts = Allocate<short>(4);
        var longs = Allocate<long>(4);
        var reversed = IndexMap.Create([4], [-1], 3);
        new StridedCopyKernel<short>(Accelerator).Launch(Stream, Upload<short>(1, -2, 3, -4), reversed, shorts, IndexMap.Contiguous(), 4);
        new StridedCopyKernel<long>(Accelerator).Launch(Stream, Upload(1L << 40, -2, 3, -4), reversed, longs, IndexMap.Contiguous(), 4);
        Assert.That(Download(shorts), Is.EqualTo(new short[] { -4, 3, -2, 1 }));
        Assert.That(Download(longs), Is.EqualTo(new[] { -4, 3, -2, 1L << 40 }));
    }

    [Test]
    public void Contiguous_axes_join_into_the_identity() =>
        Assert.That(IndexMap.Create([2, 3, 1, 4], [12, 4, 7, 1]).IsIdentity);

    [Test]
    public void A_ninth_axis_is_refused_by_name() =>
        Assert.That(
            () => IndexMap.Create([2, 2, 2, 2, 2, 2, 2, 2, 2], [1, 3, 9, 27, 81, 243, 729, 2187, 6561]),
            Throws.ArgumentException.With.Message.Contains("9 axes"));

    private static long[] Places(int[] sizes, long[] strides, long offset)
    {
        long[] places = [offset];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var (size, stride) = (sizes[axis], strides[axis]);
            places = [.. places.SelectMany(place => Enumerable.Range(0, size).Select(i => place + i * stride))];
        }

        return places;
    }
}
