using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Noether;

/// <summary>The header of an npy file: versions 1.0, 2.0 and 3.0 when read, 1.0 when written.</summary>
/// <remarks>Format: numpy.org, "NEP 1" and <c>numpy.lib.format</c>: magic, version, length, a Python dictionary literal.</remarks>
/// <param name="Type">The element type, or null for text.</param>
/// <param name="TextLength">Characters (UTF-32) of one element of text, else 0.</param>
/// <param name="BigEndian">The byte order of the elements.</param>
/// <param name="Fortran">True if the first axis varies fastest.</param>
/// <param name="Shape">The shape.</param>
/// <param name="DataBytes">The bytes that follow the header, as checked against the file.</param>
internal sealed record NpyHeader(StoredType? Type, int TextLength, bool BigEndian, bool Fortran, Shape Shape, long DataBytes)
{
    // NumPy writes some hundred bytes, and refuses more than 10,000 unless told otherwise.
    private const int MostBytes = 1 << 20;

    // So that the data can be mapped with the alignment of a cache line.
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header; the stream is then at the first element, and exactly the declared bytes are left of <paramref name="length"/>.</summary>
    /// <param name="stream">At the start.</param>
    /// <param name="length">The bytes of header and data.</param>
    /// <param name="file">Begins the error message.</param>
    public static NpyHeader Read(Stream stream, long length, string file)
    {
        Span<byte> start = stackalloc byte[8];
        if (length < start.Length) throw FileErrors.Broken(file, $"{length} bytes are too few for an npy file");
        stream.ReadExactly(start);
        if (!start[..6].SequenceEqual(Magic))
            throw FileErrors.Broken(file, $"is not an npy file: it begins with {Convert.ToHexString(start[..6])}");
        var (major, minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0) throw FileErrors.Broken(file, $"npy version {major}.{minor} is none of 1.0, 2.0, 3.0");

        var prefix = start[..(major == 1 ? 2 : 4)];
        if (length < 8 + prefix.Length) throw FileErrors.Broken(file, "ends in its header");
        stream.ReadExactly(prefix);
        var textBytes = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix) : BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        var left = length - 8 - prefix.Length;
        if (textBytes > left) throw FileErrors.Broken(file, $"header of {textBytes} bytes does not fit in the {left} that follow");
        if (textBytes > MostBytes) throw FileErrors.Broken(file, $"header of {textBytes} bytes is longer than {MostBytes}");
        var text = new byte[textBytes];
        stream.ReadExactly(text);
        if (major == 3 && !Utf8.IsValid(text)) throw FileErrors.Broken(file, "header is not UTF-8");

        var (descriptor, fortran, sizes) = new NpyHeaderParser((major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), file).Parse();
        var (type, textLength, bigEndian) = ParseDescriptor(descriptor, file);
        var (shape, dataBytes) = StoredElements.CheckSizes(file, sizes, type?.Bytes() ?? sizeof(int) * textLength);
        left -= textBytes;
        if (dataBytes != left)
            throw FileErrors.Broken(file, $"{left} bytes follow the header, but {shape} of {FileErrors.Quote(descriptor)} takes {dataBytes}");
        return new(type, textLength, bigEndian, fortran, shape, dataBytes);
    }

    /// <summary>The header of an array of <paramref name="type"/>, which is not bfloat16.</summary>
    public static byte[] Write(DType type, Shape shape)
    {
        var descriptor = type switch
        {
            DType.Bool => "|b1",
            DType.Int32 => "<i4",
            DType.Int64 => "<i8",
            DType.Float32 => "<f4",
            DType.Float64 => "<f8",
            _ => throw new DTypeException($"npy: NumPy has no {type.Name()}"),
        };
        var sizes = shape.Rank == 1 ? $"{shape[0]}," : string.Join(", ", shape.AsSpan().ToArray());
        var text = $"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': ({sizes}), }}";
        const int before = 10; // magic, version, length
        var total = (before + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        if (total - before > ushort.MaxValue) throw new ShapeException($"npy: the header of {shape} is too long for version 1.0");

        var header = new byte[total];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - before));
        Encoding.ASCII.GetBytes(text, header.AsSpan(before));
        header[^1] = (byte)'\n';
        return header;
    }

    private static (StoredType? Type, int TextLength, bool BigEndian) ParseDescriptor(string descriptor, string file)
    {
        var ordered = descriptor.Length > 0 && descriptor[0] is '<' or '>' or '|' or '=';
        var bigEndian = ordered && descriptor[0] == '>';
        var code = ordered ? descriptor[1..] : descriptor;
        StoredType? type = code switch
        {
            "b1" => StoredType.Bool,
            "u1" => StoredType.UInt8,
            "i1" => StoredType.Int8,
            "u2" => StoredType.UInt16,
            "i2" => StoredType.Int16,
            "u4" => StoredType.UInt32,
            "i4" => StoredType.Int32,
            "u8" => StoredType.UInt64,
            "i8" => StoredType.Int64,
            "f2" => StoredType.Float16,
            "f4" => StoredType.Float32,
            "f8" => StoredType.Float64,
            _ => null,
        };
        if (type is not null) return (type, 0, bigEndian);
        // 4 bytes a character: the product with a size is checked later, this one here.
        if (code is ['U', .. var digits] && int.TryParse(digits, out var length) && length is > 0 and <= int.MaxValue / sizeof(int))
            return (null, length, bigEndian);
        var kind = code.Length == 0 ? ' ' : code[0];
        throw FileErrors.Broken(file, $"element type {FileErrors.Quote(descriptor)} {kind switch
        {
            'O' => "is for Python objects, which are not read",
            'c' => "is complex: save the real and imaginary part apart",
            'S' or 'a' or 'U' => "is text that is not read",
            'V' => "is raw bytes (bfloat16 among them): save it as float32 or in safetensors",
            'M' or 'm' => "is a date or a duration, which are not read",
            _ => "is unknown",
        }}");
    }
}
