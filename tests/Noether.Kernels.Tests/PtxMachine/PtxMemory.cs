using System.Runtime.InteropServices;

namespace Noether.Kernels.Tests;

/// <summary>Global memory: allocations at multiples of 256, nothing but them may be touched, and fresh ones hold bytes 0xFF.</summary>
public sealed class PtxMemory
{
    private const int Page = 256; // belongs to one allocation at most

    private readonly List<int> ends = [0]; // of the allocations; 0 belongs to none
    private byte[] bytes = new byte[1 << 16];
    private int[] owners = new int[(1 << 16) / Page];
    private int used;

    /// <summary>Takes memory.</summary>
    public long Allocate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var start = used;
        used += (Math.Max(count, 1) + Page - 1) / Page * Page;
        while (bytes.Length < used)
        {
            Array.Resize(ref bytes, 2 * bytes.Length);
            Array.Resize(ref owners, bytes.Length / Page);
        }

        bytes.AsSpan(start, used - start).Fill(0xFF);
        owners.AsSpan(start / Page, (used - start) / Page).Fill(ends.Count);
        ends.Add(start + count);
        return PtxAddress.Global + start;
    }

    /// <summary>Bytes of one allocation, until the next is made.</summary>
    /// <exception cref="PtxException">They lie outside.</exception>
    public Span<byte> At(long address, int count)
    {
        var start = address - PtxAddress.Global;
        if (start < 0 || start >= used || start + count > ends[owners[start / Page]])
            throw new PtxException($"{count} bytes of global memory at 0x{address:X}, which is in no allocation or crosses the end of one");
        return MemoryMarshal.CreateSpan(ref bytes[start], count);
    }
}
