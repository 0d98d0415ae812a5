using System.Runtime.Intrinsics.X86;

namespace Noether.Devices.Host;

/// <summary>The operands of the next product of a batch, fetched while this one is computed.</summary>
/// <remarks>
/// A product of 128 x 128 matrices takes some 40 µs and reads its operands in short runs: without help it waits for memory half as long again.
/// Tile by tile the lines of the next operands are asked for, so that the waiting and the arithmetic overlap. It is for batches that come from
/// memory: to ask for what the cache holds already takes as long as a few multiply-adds a line, which small products feel.
/// </remarks>
internal readonly unsafe struct GemmAhead
{
    private const int Line = 64;
    private const long MostLines = 4096; // of L2, which holds this product's operands too
    private const long MostTogether = 40; // lines under way

    private readonly byte* first, second;
    private readonly long firstLines, lines;

    private GemmAhead(byte* first, long firstBytes, byte* second, long secondBytes)
    {
        this.first = first;
        this.second = second;
        firstLines = (firstBytes + Line - 1) / Line;
        lines = firstLines + (secondBytes + Line - 1) / Line;
    }

    /// <summary>True if there is anything to fetch.</summary>
    public bool HasLines => lines > 0;

    /// <summary>Two blocks of memory; none if they are too large to be kept until they are used.</summary>
    public static GemmAhead Of<T>(T* first, long firstElements, T* second, long secondElements)
        where T : unmanaged
    {
        var ahead = new GemmAhead((byte*)first, firstElements * sizeof(T), (byte*)second, secondElements * sizeof(T));
        return Sse.IsSupported && ahead.lines <= MostLines ? ahead : default;
    }

    /// <summary>Asks for the part that belongs to one tile of so many.</summary>
    public void Fetch(long tile, long tiles)
    {
        var share = Math.Min((lines + tiles - 1) / tiles, MostTogether);
        var end = Math.Min(lines, (tile + 1) * share);
        var line = tile * share;
        for (; line < Math.Min(end, firstLines); line++) Sse.Prefetch1(first + line * Line);
        for (; line < end; line++) Sse.Prefetch1(second + (line - firstLines) * Line);
    }
}
