using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Random;

/// <summary>
/// Philox 4x32-10: four random words from a key of two words and a counter of four, without state. Equal bits on every device.
/// </summary>
/// <remarks>
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 4.2; constants as in Random123.
/// Element <c>i</c> of a stream is word <c>i mod 4</c> of the block whose counter is <c>⌊i / 4⌋</c> (64 bits, low word first; the upper two words are 0).
/// </remarks>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9; // golden ratio
    private const uint Weyl1 = 0xBB67AE85; // √3 - 1

    /// <summary>The block of four words at a counter. Runs on the host and inside kernels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Block(uint key0, uint key1, PhiloxBlock counter)
    {
        // Straight-line rounds: ILGPU unrolls no loop.
        var x = Round(counter, key0, key1);
        x = Round(x, key0 + Weyl0, key1 + Weyl1);
        x = Round(x, key0 + unchecked(2 * Weyl0), key1 + unchecked(2 * Weyl1));
        x = Round(x, key0 + unchecked(3 * Weyl0), key1 + unchecked(3 * Weyl1));
        x = Round(x, key0 + unchecked(4 * Weyl0), key1 + unchecked(4 * Weyl1));
        x = Round(x, key0 + unchecked(5 * Weyl0), key1 + unchecked(5 * Weyl1));
        x = Round(x, key0 + unchecked(6 * Weyl0), key1 + unchecked(6 * Weyl1));
        x = Round(x, key0 + unchecked(7 * Weyl0), key1 + unchecked(7 * Weyl1));
        x = Round(x, key0 + unchecked(8 * Weyl0), key1 + unchecked(8 * Weyl1));
        return Round(x, key0 + unchecked(9 * Weyl0), key1 + unchecked(9 * Weyl1));
    }

    /// <summary>The counter of a stream's block <paramref name="index"/> (element / 4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Counter(ulong index) => new() { X = (uint)index, Y = (uint)(index >> 32) };

    /// <summary>
    /// Fills <paramref name="bits"/> with elements <paramref name="offset"/>, <paramref name="offset"/> + 1, … of the key's stream:
    /// any split of a stream into spans gives the same words.
    /// </summary>
    /// <param name="key0">Low word of the key.</param>
    /// <param name="key1">High word of the key.</param>
    /// <param name="bits">The destination.</param>
    /// <param name="offset">The stream's element at which the span begins, not negative.</param>
    public static void Fill(uint key0, uint key1, Span<uint> bits, long offset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var block = (ulong)offset / 4;
        var first = (int)(offset % 4);
        if (first != 0)
        {
            var head = Math.Min(4 - first, bits.Length);
            Part(key0, key1, block++, first, bits[..head]);
            bits = bits[head..];
        }

        var whole = bits.Length / 4;
        var done = Avx512F.IsSupported ? Fill512(key0, key1, bits, block) : Avx2.IsSupported ? Fill256(key0, key1, bits, block) : 0;
        for (; done < whole; done++)
        {
            var x = Block(key0, key1, Counter(block + (ulong)done));
            var four = bits.Slice(4 * done, 4);
            (four[0], four[1], four[2], four[3]) = (x.X, x.Y, x.Z, x.W);
        }

        if (bits.Length % 4 != 0)
            Part(key0, key1, block + (ulong)whole, 0, bits[(4 * whole)..]);
    }

    private static void Part(uint key0, uint key1, ulong block, int first, Span<uint> bits)
    {
        var x = Block(key0, key1, Counter(block));
        for (var i = 0; i < bits.Length; i++)
            bits[i] = x[first + i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PhiloxBlock Round(PhiloxBlock x, uint key0, uint key1)
    {
        var p = (ulong)Multiplier0 * x.X;
        var q = (ulong)Multiplier1 * x.Z;
        return new() { X = (uint)(q >> 32) ^ x.Y ^ key0, Y = (uint)q, Z = (uint)(p >> 32) ^ x.W ^ key1, W = (uint)p };
    }

    // Eight counters at once, each word in the low half of a 64-bit lane. The high halves hold rubbish between rounds: the widening
    // multiply ignores it. Returns the number of blocks written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Fill512(uint key0, uint key1, Span<uint> bits, ulong block)
    {
        var m0 = Vector512.Create((ulong)Multiplier0).AsUInt32();
        var m1 = Vector512.Create((ulong)Multiplier1).AsUInt32();
        var low = Vector512.Create((ulong)uint.MaxValue);
        var first = Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11);
        var second = Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15);
        var counter = Vector512.Create(block) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        var done = 0;
        for (; 4 * (done + 8) <= bits.Length; done += 8)
        {
            var x = counter;
            var y = counter >>> 32;
            Vector512<ulong> z = default, w = default;
            uint k0 = key0, k1 = key1;
            for (var round = 0; round < 10; round++)
            {
                var p = Avx512F.Multiply(m0, x.AsUInt32());
                var q = Avx512F.Multiply(m1, z.AsUInt32());
                x = (q >>> 32) ^ y ^ Vector512.Create((ulong)k0);
                z = (p >>> 32) ^ w ^ Vector512.Create((ulong)k1);
                (y, w) = (q, p);
                k0 += Weyl0;
                k1 += Weyl1;
            }

            var xy = (x & low) | (y << 32);
            var zw = (z & low) | (w << 32);
            Avx512F.PermuteVar8x64x2(xy, first, zw).AsUInt32().CopyTo(bits[(4 * done)..]);
            Avx512F.PermuteVar8x64x2(xy, second, zw).AsUInt32().CopyTo(bits[(4 * done + 16)..]);
            counter += Vector512.Create(8UL);
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Fill256(uint key0, uint key1, Span<uint> bits, ulong block)
    {
        var m0 = Vector256.Create((ulong)Multiplier0).AsUInt32();
        var m1 = Vector256.Create((ulong)Multiplier1).AsUInt32();
        var low = Vector256.Create((ulong)uint.MaxValue);
        var counter = Vector256.Create(block) + Vector256.Create(0UL, 1, 2, 3);
        var done = 0;
        for (; 4 * (done + 4) <= bits.Length; done += 4)
        {
            var x = counter;
            var y = counter >>> 32;
            Vector256<ulong> z = default, w = default;
            uint k0 = key0, k1 = key1;
            for (var round = 0; round < 10; round++)
            {
                var p = Avx2.Multiply(m0, x.AsUInt32());
                var q = Avx2.Multiply(m1, z.AsUInt32());
                x = (q >>> 32) ^ y ^ Vector256.Create((ulong)k0);
                z = (p >>> 32) ^ w ^ Vector256.Create((ulong)k1);
                (y, w) = (q, p);
                k0 += Weyl0;
                k1 += Weyl1;
            }

            var xy = (x & low) | (y << 32);
            var zw = (z & low) | (w << 32);
            var even = Avx2.UnpackLow(xy, zw); // counters 0 and 2
            var odd = Avx2.UnpackHigh(xy, zw); // counters 1 and 3
            Avx2.Permute2x128(even, odd, 0x20).AsUInt32().CopyTo(bits[(4 * done)..]);
            Avx2.Permute2x128(even, odd, 0x31).AsUInt32().CopyTo(bits[(4 * done + 8)..]);
            counter += Vector256.Create(4UL);
        }

        return done;
    }
}
