using System.Buffers.Binary;

namespace Noether;

/// <summary>Passes reads on and sums what went by: CRC-32 as in zip (ISO 3309, reflected polynomial 0xEDB88320).</summary>
/// <remarks>Eight bytes a step from eight tables (Kounavis and Berry 2005, "slicing by 8").</remarks>
/// <param name="inner">Read from, and closed with this.</param>
internal sealed class Crc32Stream(Stream inner) : Stream
{
    private const int Slices = 8;

    private static readonly uint[] Tables = MakeTables();

    private uint state = uint.MaxValue;

    /// <summary>The sum of everything read so far.</summary>
    public uint Sum => ~state;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        state = Update(state, buffer[..count]);
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private static uint Update(uint state, ReadOnlySpan<byte> bytes)
    {
        var t = Tables;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ state;
            state = t[(7 * 256) + (byte)word] ^ t[(6 * 256) + (byte)(word >> 8)]
                ^ t[(5 * 256) + (byte)(word >> 16)] ^ t[(4 * 256) + (byte)(word >> 24)]
                ^ t[(3 * 256) + (byte)(word >> 32)] ^ t[(2 * 256) + (byte)(word >> 40)]
                ^ t[256 + (byte)(word >> 48)] ^ t[(byte)(word >> 56)];
        }

        foreach (var value in bytes) state = (state >> 8) ^ t[(byte)(state ^ value)];
        return state;
    }

    // Table k gives the effect of a byte that k more bytes follow.
    private static uint[] MakeTables()
    {
        var tables = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            var sum = value;
            for (var bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
            tables[value] = sum;
        }

        for (var i = 256; i < tables.Length; i++) tables[i] = (tables[i - 256] >> 8) ^ tables[(byte)tables[i - 256]];
        return tables;
    }
}
