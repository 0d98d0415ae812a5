using System.Text.Json;
using System.Text.Unicode;

namespace Noether;

/// <summary>Parses and checks the JSON header of a safetensors file.</summary>
/// <remarks>
/// Format: github.com/huggingface/safetensors, README, section "Format". Stricter than JSON: one object that begins with '{', no duplicate
/// names, no unknown fields, integers without fraction or exponent, and arrays that cover the data without overlap or hole.
/// </remarks>
internal ref struct SafeTensorsHeader
{
    /// <summary>The name that holds the metadata instead of an array.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The most bytes a header may have, as in the reference implementation.</summary>
    public const int MostBytes = 100_000_000;

    // {"name": {"shape": [1]}} is all there may be.
    private const int DeepestNesting = 3;

    private readonly string file;
    private readonly List<SafeTensorsEntry> entries = [];
    private readonly Dictionary<string, string> metadata = [];
    private Utf8JsonReader reader;

    private SafeTensorsHeader(string file, ReadOnlySpan<byte> json)
    {
        this.file = file;
        reader = new(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
    }

    /// <summary>All entries in the header's order, and the metadata.</summary>
    /// <param name="file">Begins the error message.</param>
    /// <param name="json">The header.</param>
    /// <param name="dataBytes">The bytes of the file after the header.</param>
    public static (List<SafeTensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(string file, ReadOnlySpan<byte> json, long dataBytes)
    {
        if (json.IsEmpty || json[0] != '{') throw FileErrors.Broken(file, "header is not a JSON object");
        if (!Utf8.IsValid(json)) throw FileErrors.Broken(file, "header is not UTF-8");
        var header = new SafeTensorsHeader(file, json);
        try
        {
            header.ReadAll();
        }
        catch (JsonException error)
        {
            throw FileErrors.Broken(file, $"header is not valid JSON at byte {header.reader.BytesConsumed}", error);
        }

        header.CheckCover(dataBytes);
        return (header.entries, header.metadata);
    }

    private void ReadAll()
    {
        var names = new HashSet<string>();
        reader.Read();
        while (NextName() is { } name)
        {
            if (!names.Add(name)) throw Broken($"header names {FileErrors.Quote(name)} twice");
            if (name == MetadataName)
                ReadMetadata();
            else
                ReadEntry(name);
        }

        if (reader.Read()) throw Broken("header goes on after its object"); // anything but white space throws by itself
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, MetadataName, "a map of strings");
        while (NextName() is { } key)
        {
            Expect(JsonTokenType.String, MetadataName, "a map of strings");
            if (!metadata.TryAdd(key, Text())) throw Broken($"{MetadataName} names {FileErrors.Quote(key)} twice");
        }
    }

    private void ReadEntry(string name)
    {
        var label = FileErrors.Quote(name);
        Expect(JsonTokenType.StartObject, label, "an object of dtype, shape and data_offsets");
        StoredType? type = null;
        List<long>? sizes = null, offsets = null;
        while (NextName() is { } field)
        {
            var again = field switch { "dtype" => type is not null, "shape" => sizes is not null, "data_offsets" => offsets is not null, _ => false };
            if (again) throw Broken($"{label} has {field} twice");
            switch (field)
            {
                case "dtype":
                    Expect(JsonTokenType.String, $"dtype of {label}", "a string");
                    type = ParseType(Text(), label);
                    break;
                case "shape":
                    sizes = ReadIntegers($"shape of {label}");
                    break;
                case "data_offsets":
                    offsets = ReadIntegers($"data_offsets of {label}");
                    break;
                default:
                    throw Broken($"{label} has an unknown field {FileErrors.Quote(field)}");
            }
        }

        if (type is not { } stored) throw Broken($"{label} has no dtype");
        if (sizes is null) throw Broken($"{label} has no shape");
        if (offsets is null) throw Broken($"{label} has no data_offsets");
        if (offsets is not [var begin, var end]) throw Broken($"data_offsets of {label} are {offsets.Count} numbers, not 2");
        if (begin < 0 || end < begin) throw Broken($"data_offsets [{begin}, {end}] of {label} are not a range");
        var (shape, bytes) = StoredElements.CheckSizes($"{file}: {label}", sizes, stored.Bytes());
        if (bytes != end - begin)
            throw Broken($"{label} of {stored} {shape} takes {bytes} bytes, but its data_offsets [{begin}, {end}] hold {end - begin}");
        entries.Add(new(name, stored, shape, begin, end));
    }

    // Sorted by offset, each must begin where the one before ends: then nothing overlaps, nothing is left out, nothing lies outside.
    private readonly void CheckCover(long dataBytes)
    {
        long covered = 0;
        var last = "the header";
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            var name = FileErrors.Quote(entry.Name);
            if (entry.End > dataBytes) throw Broken($"{name} ends at byte {entry.End} of the data, which has only {dataBytes}");
            if (entry.Begin < covered) throw Broken($"{name} overlaps {last}");
            if (entry.Begin > covered) throw Broken($"{entry.Begin - covered} bytes between {last} and {name} belong to no array");
            covered = entry.End;
            last = name;
        }

        if (covered != dataBytes) throw Broken($"{dataBytes - covered} bytes after {last} belong to no array");
    }

    private readonly StoredType ParseType(string name, string label) => name switch
    {
        "BOOL" => StoredType.Bool,
        "U8" => StoredType.UInt8,
        "I8" => StoredType.Int8,
        "U16" => StoredType.UInt16,
        "I16" => StoredType.Int16,
        "U32" => StoredType.UInt32,
        "I32" => StoredType.Int32,
        "U64" => StoredType.UInt64,
        "I64" => StoredType.Int64,
        "F16" => StoredType.Float16,
        "BF16" => StoredType.BFloat16,
        "F32" => StoredType.Float32,
        "F64" => StoredType.Float64,
        _ => throw Broken($"{label} has the unknown dtype {FileErrors.Quote(name)}"),
    };

    private List<long> ReadIntegers(string label)
    {
        Expect(JsonTokenType.StartArray, label, "a list of integers");
        var values = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value)) throw Broken($"{label} is not a list of integers");
            values.Add(value);
        }

        return values;
    }

    // The next property's name, or null at the end of the object.
    private string? NextName() => reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? Text() : null;

    private void Expect(JsonTokenType type, string label, string what)
    {
        if (!reader.Read() || reader.TokenType != type) throw Broken($"{label} is not {what}");
    }

    private readonly string Text()
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error) // half of a surrogate pair, written as \uD800
        {
            throw FileErrors.Broken(file, "header has a string that is not Unicode", error);
        }
    }

    private readonly FileFormatException Broken(string reason) => FileErrors.Broken(file, reason);
}
