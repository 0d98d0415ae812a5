using Noether.Kernels.Copies;

namespace Noether.Kernels.Tests.Copies;

public class IndexMapTests
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
    public void The_map_agrees_with_the_coordinates(int[] sizes, long[] strides, long offset)
    {
        var expected = Strided.Places(sizes, strides, offset);
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
    public void Contiguous_axes_join_into_the_identity() =>
        Assert.That(IndexMap.Create([2, 3, 1, 4], [12, 4, 7, 1]).IsIdentity);

    [Test]
    public void A_ninth_axis_is_refused_by_name() =>
        Assert.That(
            () => IndexMap.Create([2, 2, 2, 2, 2, 2, 2, 2, 2], [1, 3, 9, 27, 81, 243, 729, 2187, 6561]),
            Throws.ArgumentException.With.Message.Contains("9 axes"));
}
