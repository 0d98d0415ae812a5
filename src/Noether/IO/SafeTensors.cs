using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Noether;

/// <summary>Writes safetensors files. <see cref="SafeTensorsFile"/> reads them.</summary>
public static class SafeTensors
{
    // The header's length is padded to it, so that the data is aligned for every type.
    private const int Alignment = 8;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes arrays to a file, whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="arrays">Names, all different, and their arrays. They are laid out as the reference implementation does: wider types first, so
    /// that all are aligned, then by name.</param>
    /// <param name="metadata">Free text by key, or null.</param>
    /// <exception cref="FileFormatException">A name twice, reserved or not Unicode, or the file system refused.</exception>
    public static void Write(
        string path, IEnumerable<(string Name, HostArray Array)> arrays, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        var sorted = arrays.ToArray();
        Array.Sort(sorted, (x, y) =>
            x.Array.DType == y.Array.DType ? string.CompareOrdinal(x.Name, y.Name) : Rank(y.Array.DType).CompareTo(Rank(x.Array.DType)));
        var header = Header(path, sorted, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, array) in sorted) array.CopyTo(stream);
        });
    }

    private static byte[] Header(string path, (string Name, HostArray Array)[] arrays, IReadOnlyDictionary<string, string>? metadata)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafeTensorsHeader.MetadataName);
                foreach (var (key, value) in metadata) json.WriteString(Utf8(path, key), Utf8(path, value));
                json.WriteEndObject();
            }

            long offset = 0;
            var names = new HashSet<string>();
            foreach (var (name, array) in arrays)
            {
                if (name == SafeTensorsHeader.MetadataName) throw FileErrors.Broken(path, $"cannot be written: the name '{name}' is reserved");
                if (!names.Add(name)) throw FileErrors.Broken(path, $"cannot be written: the name {FileErrors.Quote(name)} is there twice");
                WriteEntry(json, Utf8(path, name), array, ref offset);
            }

            json.WriteEndObject();
        }

        var length = (text.WrittenCount + Alignment - 1) / Alignment * Alignment;
        if (length > SafeTensorsHeader.MostBytes)
            throw FileErrors.Broken(path, $"cannot be written: its header of {length} bytes is longer than {SafeTensorsHeader.MostBytes}");
        var header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        text.WrittenSpan.CopyTo(header);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, byte[] name, HostArray array, ref long offset)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", Code(array.DType));
        json.WriteStartArray("shape");
        foreach (var size in array.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset += array.ByteCount);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // The writer itself would replace what is not Unicode without a word, and two names could become one.
    private static byte[] Utf8(string path, string text)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw FileErrors.Broken(path, "cannot be written: a name or metadata text is not Unicode", error);
        }
    }

    private static string Code(DType type) => type switch
    {
        DType.Bool => "BOOL",
        DType.Int32 => "I32",
        DType.Int64 => "I64",
        DType.BFloat16 => "BF16",
        DType.Float32 => "F32",
        _ => "F64",
    };

    // The order of the reference implementation's Dtype, by which it sorts.
    private static int Rank(DType type) => type switch
    {
        DType.Bool => 0,
        DType.BFloat16 => 1,
        DType.Int32 => 2,
        DType.Float32 => 3,
        DType.Float64 => 4,
        _ => 5,
    };
}
