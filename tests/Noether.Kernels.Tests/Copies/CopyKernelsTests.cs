using ILGPU;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Tests.Copies;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class CopyKernelsTests(string lane) : KernelFixture(lane)
{
    // Sizes, the source's strides and offset, the destination's strides and offset.
    private static readonly object[] Layouts =
    [
        new object[] { new[] { 300 }, new long[] { 1 }, 0L, new long[] { 1 }, 0L },
        new object[] { new[] { 300 }, new long[] { 1 }, 3L, new long[] { 1 }, 5L },
        new object[] { Array.Empty<int>(), Array.Empty<long>(), 3L, Array.Empty<long>(), 1L }, // a single element
        new object[] { new[] { 2, 0, 3 }, new long[] { 3, 3, 1 }, 0L, new long[] { 0, 3, 1 }, 0L }, // empty
        new object[] { new[] { 4, 3, 5 }, new long[] { 0, 5, 1 }, 2L, new long[] { 15, 5, 1 }, 0L }, // broadcast
        new object[] { new[] { 6, 4 }, new long[] { -4, -1 }, 23L, new long[] { 4, 1 }, 0L }, // reversed
        new object[] { new[] { 3, 1, 4 }, new long[] { 8, 99, 2 }, 1L, new long[] { 4, 7, 1 }, 0L }, // every other column
        new object[] { new[] { 3, 2 }, new long[] { 2, 1 }, 0L, new long[] { 4, 2 }, 1L }, // columns 1 and 3 of a 3 x 4 matrix
        new object[] { new[] { 2, 3, 2, 2, 2, 3, 2, 2 }, new long[] { 1, 2, 6, 12, 24, 48, 144, 288 }, 0L, new long[] { 288, 96, 48, 24, 12, 4, 2, 1 }, 0L }, // nothing joins
        new object[] { new[] { 3, 16 }, new long[] { 32, 1 }, 16L, new long[] { 48, 1 }, 32L }, // runs of 16
        new object[] { new[] { 3, 12 }, new long[] { 20, 1 }, 4L, new long[] { 12, 1 }, 0L }, // of 4
        new object[] { new[] { 3, 6 }, new long[] { 7, 1 }, 2L, new long[] { 6, 1 }, 0L }, // that lie apart by odd steps
        new object[] { new[] { 2, 3, 8 }, new long[] { 8, 16, 1 }, 0L, new long[] { 24, 8, 1 }, 0L }, // with two axes that change places
        new object[] { new[] { 5, 7 }, new long[] { 1, 5 }, 0L, new long[] { 7, 1 }, 0L }, // a small transposition
        new object[] { new[] { 32, 32 }, new long[] { 1, 32 }, 0L, new long[] { 32, 1 }, 0L },
        new object[] { new[] { 33, 16 }, new long[] { 1, 35 }, 1L, new long[] { 20, 1 }, 3L },
        new object[] { new[] { 2, 17, 3, 40 }, new long[] { 2040, 1, 680, 17 }, 0L, new long[] { 2040, 120, 40, 1 }, 0L }, // within batches on two sides
        new object[] { new[] { 16, 2, 70 }, new long[] { 2, 1, 32 }, 0L, new long[] { 1, 1120, 16 }, 0L },
        new object[] { new[] { 20, 20 }, new long[] { -1, 20 }, 19L, new long[] { 20, 1 }, 0L }, // turned
        new object[] { new[] { 20, 20 }, new long[] { 0, 3 }, 0L, new long[] { 20, 1 }, 0L }, // a row for all rows
    ];

    [TestCaseSource(nameof(Layouts))]
    public void Elements_arrive_at_their_places(int[] sizes, long[] from, long fromOffset, long[] to, long toOffset)
    {
        Check(sizes, from, fromOffset, to, toOffset, i => (byte)(i * 37));
        Check(sizes, from, fromOffset, to, toOffset, i => (short)(i * 37));
        Check(sizes, from, fromOffset, to, toOffset, i => i);
        Check(sizes, from, fromOffset, to, toOffset, i => (long)i << 33);
    }

    [Test]
    public void Large_transpositions_of_any_width_arrive()
    {
        if (Accelerator.AcceleratorType == ILGPU.Runtime.AcceleratorType.CPU) Assert.Ignore("the simulator would take seconds");
        int[] sizes = [3, 517, 301];
        long[] from = [517 * 301, 1, 517], to = [517 * 301, 301, 1];
        Check(sizes, from, 0, to, 0, i => (byte)(i * 37));
        Check(sizes, from, 0, to, 0, i => i);
        Check(sizes, from, 0, to, 0, i => (long)i << 33);
    }

    [Test]
    public void Axes_join_where_they_lie_behind_one_another_on_both_sides()
    {
        Assert.That(CopyLayout.Create([2, 3, 4], [12, 4, 1], 0, [24, 8, 2], 0).Axes.Length, Is.EqualTo(1));
        Assert.That(CopyLayout.Create([2, 3, 4], [12, 4, 1], 0, [12, 4, 1], 0).IsRun);
        // the same copy with its axes given in another order
        Assert.That(CopyLayout.Create([4, 2, 3], [1, 12, 4], 0, [1, 12, 4], 0).IsRun);
        Assert.That(CopyLayout.Create([4, 6], [6, 1], 0, [12, 1], 0).Run, Is.EqualTo(6));
    }

    private void Check<T>(int[] sizes, long[] from, long fromOffset, long[] to, long toOffset, Func<int, T> value)
        where T : unmanaged
    {
        long[] sources = Strided.Places(sizes, from, fromOffset), destinations = Strided.Places(sizes, to, toOffset);
        var source = Enumerable.Range(0, (int)sources.Append(0).Max() + 3).Select(value).ToArray();
        var expected = new T[destinations.Append(0).Max() + 3];
        var destination = Upload(expected);
        for (var i = 0; i < sources.Length; i++) expected[destinations[i]] = source[sources[i]];
        new CopyKernels(Accelerator).Launch(
            Stream, Upload(source).Cast<byte>(), destination.Cast<byte>(), CopyLayout.Create(sizes, from, fromOffset, to, toOffset), Interop.SizeOf<T>());
        Assert.That(Download(destination), Is.EqualTo(expected));
    }
}
