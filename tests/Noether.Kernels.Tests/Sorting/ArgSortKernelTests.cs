using System.Numerics;
using Noether.Kernels.Sorting;

namespace Noether.Kernels.Tests.Sorting;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ArgSortKernelTests(string lane) : KernelFixture(lane)
{
    [Test]
    public void Rows_are_ordered_stably([Values(1, 3)] int rows, [Values(1, 2, 3, 64, 65, 300)] int columns, [Values] bool descending) =>
        AssertEqual(Enumerable.Range(0, rows * columns).Select(i => i * 7919 % 23).ToArray(), columns, descending);

    [Test]
    public void Not_a_numbers_are_the_greatest([Values] bool descending) =>
        AssertEqual([3, float.NaN, -1, float.PositiveInfinity, -0f, 0, float.NaN, float.NegativeInfinity, 2, 3, 1], 11, descending);

    [Test]
    public void Doubles_longs_and_bytes_are_keys_too([Values] bool descending)
    {
        AssertEqual(Enumerable.Range(0, 40).Select(i => Math.Sin(i)).ToArray(), 20, descending);
        AssertEqual(Enumerable.Range(0, 40).Select(i => (i * 7919L % 23) << 40).ToArray(), 20, descending);
        AssertEqual(Enumerable.Range(0, 40).Select(i => (byte)(i % 3 == 0 ? 1 : 0)).ToArray(), 20, descending);
    }

    private void AssertEqual<T>(T[] x, int columns, bool descending)
        where T : unmanaged, INumber<T>
    {
        var expected = new List<int>();
        for (var row = 0; row < x.Length / columns; row++)
        {
            var indices = Enumerable.Range(0, columns).OrderBy(i => T.IsNaN(x[row * columns + i]) != descending);
            expected.AddRange(descending ? indices.ThenByDescending(i => x[row * columns + i]) : indices.ThenBy(i => x[row * columns + i]));
        }

        var sort = new ArgSortKernel<T>(Accelerator);
        var narrow = Allocate<int>(x.Length);
        var wide = Allocate<long>(x.Length);
        sort.Launch(Stream, Upload(x), narrow, Allocate<int>(x.Length), columns, descending);
        sort.Launch(Stream, Upload(x), wide, Allocate<int>(2 * x.Length), columns, descending);
        Assert.That(Download(narrow), Is.EqualTo(expected));
        Assert.That(Download(wide), Is.EqualTo(expected));
    }
}
