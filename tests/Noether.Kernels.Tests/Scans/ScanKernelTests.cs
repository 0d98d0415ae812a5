using Noether.Kernels.Reductions;
using Noether.Kernels.Scans;

namespace Noether.Kernels.Tests.Scans;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ScanKernelTests(string lane) : KernelFixture(lane)
{
    [Test]
    public void Running_sums_equal_the_plain_loop([Values(2)] int outer, [Values(1, 63, 300, 1025)] int length, [Values(1, 2)] int inner, [Values] bool reverse) =>
        AssertEqual<Sum<long>, long>(outer, length, inner, reverse, i => i * 7919 % 101 - 50);

    [Test]
    public void Running_maxima_keep_a_not_a_number([Values(10, 300)] int length, [Values] bool reverse) =>
        AssertEqual<Maximum<float>, float>(2, length, 1, reverse, i => i % 150 == 7 ? float.NaN : i * 7919 % 101);

    [Test]
    public void Running_products_equal_the_plain_loop([Values] bool reverse) =>
        AssertEqual<Product<int>, int>(2, 100, 3, reverse, i => 2 * (i % 5) + 1);

    [Test]
    public void Long_lines_are_scanned_in_parts([Values(128, 129, 1000)] int length, [Values(1, 3)] int outer, [Values(1, 2)] int inner, [Values] bool reverse)
    {
        AssertEqual<Sum<long>, long>(outer, length, inner, reverse, i => i * 7919 % 101 - 50, partLength: 64);
        AssertEqual<Minimum<double>, double>(outer, length, inner, reverse, i => i % 650 == 310 ? double.NaN : i * 7919 % 1001, partLength: 64);
    }

    [Test]
    public void The_output_may_be_the_input()
    {
        var x = Upload(Enumerable.Repeat(1, 100).ToArray());
        new ScanKernel<Sum<int>, int>(Accelerator).Launch(Stream, x, x, 100, 1, x);
        Assert.That(Download(x), Is.EqualTo(Enumerable.Range(1, 100)));
    }

    private void AssertEqual<TOperation, T>(int outer, int length, int inner, bool reverse, Func<int, T> element, int partLength = 1 << 20)
        where TOperation : struct, IReduction<T, T, T>
        where T : unmanaged
    {
        var x = Enumerable.Range(0, outer * length * inner).Select(element).ToArray();
        var expected = new T[x.Length];
        for (var line = 0; line < outer * inner; line++)
        {
            for (var i = 0; i < length; i++)
            {
                int Place(int along) => (line / inner * length + (reverse ? length - 1 - along : along)) * inner + line % inner;
                expected[Place(i)] = i == 0 ? x[Place(0)] : TOperation.Join(expected[Place(i - 1)], x[Place(i)]);
            }
        }

        var y = Allocate<T>(x.Length);
        var kernel = new ScanKernel<TOperation, T>(Accelerator) { PartLength = partLength };
        kernel.Launch(Stream, Upload(x), y, length, inner, Allocate<T>(kernel.Scratch(x.Length, length, inner)), reverse);
        Assert.That(Download(y), Is.EqualTo(expected));
    }
}
