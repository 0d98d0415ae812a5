using Noether.Kernels.Random;

namespace Noether.Kernels.Tests.Random;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class PhiloxKernelTests(string lane) : KernelFixture(lane)
{
    [TestCase(0, 1)]
    [TestCase(0, 1030)]
    [TestCase(3, 2)]
    [TestCase(5, 20)]
    [TestCase(17_179_869_183, 9)] // the block's number passes 2³²
    public void Bits_equal_the_hosts(long offset, int count)
    {
        var bits = Allocate<int>(count);
        new PhiloxKernel(Accelerator).Launch(Stream, 0xDEADBEEF, 42, offset, bits);
        var expected = new uint[count];
        Philox.Fill(0xDEADBEEF, 42, expected, offset);
        Assert.That(Download(bits), Is.EqualTo(expected.Select(word => (int)word)));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    public void Each_row_follows_its_own_key(int columns)
    {
        int[] keys = [1, 2, -3, 4, 0, -1];
        var bits = Allocate<int>(3 * columns);
        new PhiloxKernel(Accelerator).Launch(Stream, Upload(keys), bits, columns);
        var expected = new uint[3 * columns];
        for (var row = 0; row < 3; row++)
            Philox.Fill((uint)keys[2 * row], (uint)keys[2 * row + 1], expected.AsSpan(row * columns, columns));
        Assert.That(Download(bits), Is.EqualTo(expected.Select(word => (int)word)));
    }
}
