using System.Numerics;
using Noether.Kernels.Sorting;

namespace Noether.Kernels.Tests.Sorting;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ArgSortKernelTests(string lane) : KernelFixture(lane)
{
    // Rows longer than this are sorted by digits; the second value makes all of them long.
    [Test]
    public void Rows_are_ordered_stably([Values(1, 3)] int rows, [Values(1, 2, 3, 64, 65, 300)] int columns, [Values] bool descending, [Values(2048, 0)] int mostInShared) =>
        AssertEqual<int, Int32SortKey>(Enumerable.Range(0, rows * columns).Select(i => i * 7919 % 23 - 11).ToArray(), columns, descending, mostInShared);

    [Test]
    public void Not_a_numbers_are_the_greatest([Values] bool descending, [Values(2048, 0)] int mostInShared)
    {
        float[] x = [3, float.NaN, -1, float.PositiveInfinity, -0f, 0, -float.NaN, float.NegativeInfinity, 2, 3, 1, -float.Epsilon, float.MinValue];
        AssertEqual<float, Float32SortKey>(x, x.Length, descending, mostInShared);
        AssertEqual<double, Float64SortKey>([.. x.Select(v => (double)v), double.Epsilon, double.MinValue], x.Length + 2, descending, mostInShared);
    }

    [Test]
    public void Doubles_longs_and_bytes_are_keys_too([Values] bool descending, [Values(2048, 0)] int mostInShared)
    {
        AssertEqual<double, Float64SortKey>(Enumerable.Range(0, 40).Select(i => Math.Sin(i)).ToArray(), 20, descending, mostInShared);
        AssertEqual<long, Int64SortKey>(Enumerable.Range(0, 40).Select(i => ((i * 7919L % 23) - 11) << 40).ToArray(), 20, descending, mostInShared);
        AssertEqual<byte, ByteSortKey>(Enumerable.Range(0, 40).Select(i => (byte)(i % 3 == 0 ? 1 : 0)).ToArray(), 20, descending, mostInShared);
    }

    [Test]
    public void Long_rows_are_ordered([Values] bool descending)
    {
        if (Accelerator.AcceleratorType == ILGPU.Runtime.AcceleratorType.CPU) Assert.Ignore("the simulator would take seconds");
        AssertEqual<float, Float32SortKey>(Enumerable.Range(0, 2 * 20_011).Select(i => MathF.Sin(i % 7001)).ToArray(), 20_011, descending);
        AssertEqual<int, Int32SortKey>(Enumerable.Range(0, 3 * 2048).Select(i => i * 7919 % 1000).ToArray(), 2048, descending);
    }

    [Test]
    public void Too_little_scratch_is_refused()
    {
        var sort = new ArgSortKernel<int, Int32SortKey>(Accelerator) { MostInShared = 4 };
        Assert.That(() => sort.Launch(Stream, Upload(new int[8]), Allocate<int>(8), Allocate<int>(8), 8), Throws.ArgumentException.With.Message.Contains("rows of 8"));
    }

    private void AssertEqual<T, TKey>(T[] x, int columns, bool descending, int mostInShared = 2048)
        where T : unmanaged, INumber<T>
        where TKey : struct, ISortKey<T>
    {
        var expected = new List<int>();
        for (var row = 0; row < x.Length / columns; row++)
        {
            var indices = Enumerable.Range(0, columns).OrderBy(i => T.IsNaN(x[row * columns + i]) != descending);
            expected.AddRange(descending ? indices.ThenByDescending(i => x[row * columns + i]) : indices.ThenBy(i => x[row * columns + i]));
        }

        var sort = new ArgSortKernel<T, TKey>(Accelerator) { MostInShared = mostInShared };
        var narrow = Allocate<int>(x.Length);
        var wide = Allocate<long>(x.Length);
        var needed = sort.Scratch(x.Length, columns);
        sort.Launch(Stream, Upload(x), narrow, Allocate<int>(needed), columns, descending);
        sort.Launch(Stream, Upload(x), wide, Allocate<int>(x.Length + needed), columns, descending);
        Assert.That(Download(narrow), Is.EqualTo(expected));
        Assert.That(Download(wide), Is.EqualTo(expected));
    }
}
