using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class HugePagesTests
{
    [Test]
    public void Large_blocks_are_aligned_to_large_pages_and_small_ones_to_cache_lines()
    {
        var large = Device.Host.NewView([(int)(3 * HugePages.Size) + 5], DType.Bool);
        var small = Device.Host.NewView([1000], DType.Bool);
        try
        {
            var aligned = HugePages.Suit(3 * HugePages.Size) ? HugePages.Size : 64;
            Assert.That((nuint)large.Storage.Handle % aligned == 0);
            Assert.That((nuint)small.Storage.Handle % 64 == 0);
            new Span<byte>((void*)large.Storage.Handle, (int)large.Size).Fill(1);
        }
        finally
        {
            large.Storage.Release();
            small.Storage.Release();
        }
    }

    [Test]
    public void Blocks_of_less_than_two_large_pages_do_without() => Assert.That(HugePages.Suit(2 * HugePages.Size - 1), Is.False);
}
