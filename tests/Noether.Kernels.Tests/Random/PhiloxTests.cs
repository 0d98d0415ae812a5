using Noether.Kernels.Random;

namespace Noether.Kernels.Tests.Random;

/// <summary>Known answers of Random123's kat_vectors, and the host's fill against the definition.</summary>
public class PhiloxTests
{
    [Test]
    public void Counter_and_key_zero_give_the_published_words() =>
        AssertBlock(0, 0, [0, 0, 0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);

    [Test]
    public void Counter_and_key_of_ones_give_the_published_words() =>
        AssertBlock(uint.MaxValue, uint.MaxValue, [uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);

    [Test]
    public void Digits_of_pi_give_the_published_words() =>
        AssertBlock(0xa4093822, 0x299f31d0, [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);

    [Test]
    public void Fill_gives_the_blocks_in_order([Values(0, 1, 3, 4, 15, 64, 131)] int count, [Values(0L, 1L, 6L, 17_179_869_183L)] long offset)
    {
        var bits = new uint[count];
        Philox.Fill(7, 11, bits, offset);
        Assert.That(bits, Is.EqualTo(Expected(7, 11, offset, count)));
    }

    [FsCheck.NUnit.Property(MaxTest = 100, QuietOnSuccess = true)]
    public bool A_split_stream_gives_the_same_words(uint key0, uint key1, byte head, byte tail)
    {
        var whole = new uint[head + tail];
        var parts = new uint[head + tail];
        Philox.Fill(key0, key1, whole);
        Philox.Fill(key0, key1, parts.AsSpan(0, head));
        Philox.Fill(key0, key1, parts.AsSpan(head), head);
        return whole.AsSpan().SequenceEqual(parts);
    }

    public static uint[] Expected(uint key0, uint key1, long offset, int count)
    {
        var bits = new uint[count];
        for (var i = 0; i < count; i++)
            bits[i] = Philox.Block(key0, key1, Philox.Counter((ulong)(offset + i) / 4))[(int)((offset + i) % 4)];
        return bits;
    }

    private static void AssertBlock(uint key0, uint key1, uint[] counter, uint[] expected)
    {
        var x = Philox.Block(key0, key1, new() { X = counter[0], Y = counter[1], Z = counter[2], W = counter[3] });
        Assert.That(new[] { x.X, x.Y, x.Z, x.W }, Is.EqualTo(expected));
    }
}
