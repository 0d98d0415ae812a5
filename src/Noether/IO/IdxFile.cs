using System.Buffers.Binary;
using System.IO.Compression;

namespace Noether;

/// <summary>Reads IDX files, the format of MNIST and its kin, gzipped or not (told by the content, not the name).</summary>
/// <remarks>
/// Layout, big-endian: two zero bytes, a type code, the number of axes, one int32 a size, then the elements row-major.
/// A gzipped file has one member, as gzip makes it; its check sum is verified.
/// Source: Y. LeCun, C. Cortes, "The MNIST database of handwritten digits", section "The IDX file format".
/// </remarks>
public static class IdxFile
{
    private const int UnsignedByte = 0x08;
    private const int BufferSize = 1 << 16;

    /// <summary>Reads a file of unsigned bytes (code 0x08) as they are.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileFormatException">No such file, not IDX, of another type, or not of the size it declares.</exception>
    public static IdxBytes ReadBytes(string path) => Read(path, (stream, type, shape) =>
    {
        if (type != StoredType.UInt8) throw FileErrors.Broken(path, $"holds {type} elements, not unsigned bytes");
        if (shape.Size > Array.MaxLength) throw FileErrors.Broken(path, $"{shape} is larger than an array of bytes can be");
        var bytes = GC.AllocateUninitializedArray<byte>((int)shape.Size);
        stream.ReadExactly(bytes);
        return new IdxBytes(shape, bytes);
    });

    /// <summary>Reads a file of any type: bytes and int16 widen to int32; int32, float32 and float64 stay what they are.</summary>
    /// <inheritdoc cref="ReadBytes"/>
    public static HostArray Read(string path) =>
        Read(path, (stream, type, shape) => StoredElements.Read(stream, path, type, bigEndian: true, shape));

    private static T Read<T>(string path, Func<Stream, StoredType, Shape, T> readElements)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileErrors.Reading(path, () =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
            var zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using var stream = new Crc32Stream(zipped ? new GZipStream(file, CompressionMode.Decompress) : file);

            var (type, shape, dataBytes, headerBytes) = ReadHeader(stream, path);
            if (zipped)
            {
                // What cannot be in the file is refused before it is allocated.
                if (!Deflate.CanHold(file.Length, dataBytes))
                    throw FileErrors.Broken(path, $"declares {dataBytes} bytes for {shape}, more than {file.Length} zipped bytes can hold");
            }
            else if (headerBytes + dataBytes != file.Length)
            {
                throw FileErrors.Broken(
                    path, $"has {file.Length} bytes, but {shape} of {type} takes {dataBytes} after a header of {headerBytes}");
            }

            var elements = readElements(stream, type, shape);
            if (stream.ReadByte() >= 0) throw FileErrors.Broken(path, $"goes on after the {dataBytes} bytes of {shape}");
            if (zipped) CheckTrailer(file, path, stream.Sum, headerBytes + dataBytes);
            return elements;
        });
    }

    // The decompressor does not mind if the file ends before its trailer, which is the sum and the size (RFC 1952, section 2.3.1).
    private static void CheckTrailer(FileStream file, string path, uint sum, long size)
    {
        Span<byte> trailer = stackalloc byte[8];
        file.Position = Math.Max(file.Length - trailer.Length, 0);
        file.ReadExactly(trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != sum || BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != (uint)size)
            throw FileErrors.Broken(path, "is damaged: its gzip trailer does not fit its content");
    }

    private static (StoredType Type, Shape Shape, long DataBytes, int HeaderBytes) ReadHeader(Stream stream, string path)
    {
        Span<byte> magic = stackalloc byte[4];
        stream.ReadExactly(magic);
        if (magic[0] != 0 || magic[1] != 0)
            throw FileErrors.Broken(path, $"is not an IDX file: it begins with {Convert.ToHexString(magic)}, not with 0000");
        var type = (int)magic[2] switch
        {
            UnsignedByte => StoredType.UInt8,
            0x09 => StoredType.Int8,
            0x0B => StoredType.Int16,
            0x0C => StoredType.Int32,
            0x0D => StoredType.Float32,
            0x0E => StoredType.Float64,
            var code => throw FileErrors.Broken(path, $"0x{code:X2} is not a type code of IDX"),
        };

        Span<byte> declared = stackalloc byte[4 * magic[3]];
        stream.ReadExactly(declared);
        var sizes = new long[magic[3]];
        for (var axis = 0; axis < sizes.Length; axis++) sizes[axis] = BinaryPrimitives.ReadInt32BigEndian(declared[(4 * axis)..]);
        var (shape, bytes) = StoredElements.CheckSizes(path, sizes, type.Bytes());
        return (type, shape, bytes, magic.Length + declared.Length);
    }
}
