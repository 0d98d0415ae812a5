using System.Numerics;
using Noether.Kernels.Channels;

namespace Noether.Kernels.Tests.Channels;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class AxisSumsKernelTests(string lane) : KernelFixture(lane)
{
    private bool IsSimulator => Accelerator.AcceleratorType == ILGPU.Runtime.AcceleratorType.CPU;

    // Integers: equal whatever the order of the sums.
    [TestCase(1, 1, 1)]
    [TestCase(3, 5, 7)]
    [TestCase(2, 33, 8)]
    [TestCase(2, 3, 36)]
    [TestCase(2, 40, 4)]
    [TestCase(2, 70, 1)]
    [TestCase(2, 0, 3)]
    [TestCase(2, 3, 0)]
    public void Sums_equal_their_definition(int count, int rows, int columns)
    {
        AssertEqual<float>(count, rows, columns, start: 0);
        AssertEqual<double>(count, rows, columns, start: 4);
    }

    [Test]
    public void Matrices_may_begin_anywhere() => AssertEqual<float>(2, 5, 8, start: 3);

    [TestCase(1, 600, 9)]
    [TestCase(2, 1100, 1)]
    [TestCase(3, 130, 257)]
    public void Tall_matrices_are_cut_in_strips(int count, int rows, int columns)
    {
        if (IsSimulator) (rows, columns) = (Math.Min(rows, 140), Math.Min(columns, 20));
        Assert.That(AssertEqual<float>(count, rows, columns, start: 0).Strips, Is.GreaterThan(1));
    }

    [TestCase(2, 5, 150)]
    [TestCase(1, 70, 260)]
    public void Long_rows_may_be_cut_in_chunks(int count, int rows, int columns) =>
        AssertEqual<float>(count, IsSimulator ? Math.Min(rows, 9) : rows, columns, start: 0, hasChunks: true);

    private AxisSumsSizes AssertEqual<T>(int count, int rows, int columns, int start, bool hasChunks = false)
        where T : unmanaged, INumber<T>
    {
        var x = Enumerable.Range(0, start + count * rows * columns).Select(i => T.CreateChecked(i * 7 % 19 - 9)).ToArray();
        var sizes = AxisSumsSizes.Of(Accelerator, start, count, rows, columns);
        if (hasChunks)
        {
            sizes.Chunk = 4 * sizes.Across;
            sizes.Chunks = (columns - 1) / sizes.Chunk + 1;
            Assert.That(sizes.Chunks, Is.GreaterThan(1));
        }

        var ofRows = Upload(Enumerable.Repeat(T.One, sizes.Chunks * count * rows).ToArray());
        var ofColumns = Upload(Enumerable.Repeat(T.One, sizes.Strips * count * columns).ToArray());
        Kernels.Get(static accelerator => new AxisSumsKernel<T>(accelerator)).Launch(Stream, Upload(x), ofRows, ofColumns, sizes);
        var expected = Enumerable.Range(0, count).Select(i => AxisSumsKernel<T>.Reference(x.AsSpan(start + i * rows * columns, rows * columns), rows, columns)).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Joined(Download(ofRows), sizes.Chunks), Is.EqualTo(expected.SelectMany(sums => sums.Rows)));
            Assert.That(Joined(Download(ofColumns), sizes.Strips), Is.EqualTo(expected.SelectMany(sums => sums.Columns)));
        }

        return sizes;
    }

    private static IEnumerable<double> Joined<T>(T[] partials, int parts)
        where T : unmanaged, INumber<T>
    {
        var n = partials.Length / parts;
        return Enumerable.Range(0, n).Select(i => Enumerable.Range(0, parts).Sum(part => double.CreateChecked(partials[part * n + i])));
    }
}
