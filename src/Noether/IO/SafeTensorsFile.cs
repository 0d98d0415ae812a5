using System.Buffers.Binary;

namespace Noether;

/// <summary>A safetensors file, mapped into memory: opening costs the header, and an array costs its pages when they are read.</summary>
/// <remarks>
/// Layout: the header's length (8 bytes, little-endian), the header (JSON), the data. Everything is checked when the file is opened, except
/// values: a boolean other than 0 and 1, or a U64 beyond int64, is found when its array is asked for.
/// BOOL, I32, I64, BF16, F32 and F64 are views of the file. F16 widens to float32; U8, I8, U16 and I16 to int32; U32 and U64 to int64: those are
/// converted into memory of their own each time they are asked for.
/// Disposing closes the file for further requests; arrays handed out stay valid, and the mapping goes with the last of them.
/// A file that another program shortens while it is mapped ends the process: replace files by renaming, as <see cref="AtomicFile"/> does.
/// Format: github.com/huggingface/safetensors.
/// </remarks>
public sealed unsafe class SafeTensorsFile : IDisposable
{
    private const int LengthBytes = 8;

    private readonly string path;
    private readonly FileMap map;
    private readonly SafeTensorsEntry[] entries;
    private readonly long dataStart;
    private bool closed;
    private bool lent; // an array over the map was handed out, so only the collector may unmap it

    private SafeTensorsFile(string path, FileMap map)
    {
        this.path = path;
        this.map = map;
        var length = BinaryPrimitives.ReadUInt64LittleEndian(map.Part(0, LengthBytes));
        if (length > (ulong)(map.Length - LengthBytes))
            throw FileErrors.Broken(path, $"header of {length} bytes does not fit in a file of {map.Length}");
        if (length > SafeTensorsHeader.MostBytes)
            throw FileErrors.Broken(path, $"header of {length} bytes is longer than {SafeTensorsHeader.MostBytes}");
        dataStart = LengthBytes + (long)length;
        var (parsed, metadata) = SafeTensorsHeader.Parse(path, map.Part(LengthBytes, (int)length), map.Length - dataStart);
        entries = [.. parsed];
        Metadata = metadata;
        Names = [.. entries.Select(entry => entry.Name)];
        Arrays = new ArrayTable(path, Names, Load);
    }

    /// <summary>The names in the header's order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The arrays by name, in the header's order. A name that is not there is a <see cref="FileFormatException"/>.</summary>
    public IReadOnlyDictionary<string, HostArray> Arrays { get; }

    /// <summary>The header's <c>__metadata__</c>; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Maps a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileFormatException">No such file, or not what the format says; the message gives the reason.</exception>
    public static SafeTensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileErrors.Reading(path, () =>
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            FileMap? map = null;
            try
            {
                if (stream.Length < LengthBytes)
                    throw FileErrors.Broken(path, $"{stream.Length} bytes are too few for a safetensors file");
                map = new(stream); // closes the stream with itself
                return new SafeTensorsFile(path, map);
            }
            catch
            {
                map?.Dispose();
                stream.Dispose();
                throw;
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (map)
        {
            closed = true;
            if (!lent) map.Dispose();
        }
    }

    private HostArray Load(int at)
    {
        lock (map)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            var entry = entries[at];
            var label = $"{path}: {FileErrors.Quote(entry.Name)}";
            var start = map.Pointer + dataStart + entry.Begin;
            // The format does not promise alignment, our arrays do.
            if (!entry.Type.IsDirect() || (nint)start % entry.Type.Bytes() != 0)
                return StoredElements.Copy(start, label, entry.Type, entry.Shape);

            var array = new HostArray(entry.Type.Loaded(), entry.Shape, start, map);
            if (entry.Type == StoredType.Bool) CheckBooleans(array, label);
            lent = true;
            return array;
        }
    }

    private static void CheckBooleans(HostArray array, string label)
    {
        const int part = 1 << 20;
        for (long done = 0; done < array.ByteCount; done += part)
        {
            if (StoredElements.CheckBooleans(array.Part(done, (int)Math.Min(part, array.ByteCount - done))) is { } reason)
                throw FileErrors.Broken(label, reason);
        }
    }
}
