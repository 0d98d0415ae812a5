using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Noether;

/// <summary>The content of an npz file: a zip archive of npy files, NumPy's format for several arrays.</summary>
/// <remarks>
/// A file is read whole: stored or deflated members, zip64 too, check sums included. Element types are those of <see cref="NpyFile"/>, and
/// Unicode text (<c>'&lt;U12'</c>) besides, as <see cref="Texts"/>.
/// </remarks>
public sealed class NpzFile
{
    private const string Suffix = ".npy";
    private const int BufferSize = 1 << 16;

    // As numpy.savez does, so that equal arrays make equal files.
    private static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private NpzFile(string path, OrderedDictionary<string, HostArray> arrays, OrderedDictionary<string, TextArray> texts)
    {
        Arrays = new ArrayTable(path, [.. arrays.Keys], at => arrays.GetAt(at).Value);
        Texts = texts;
    }

    /// <summary>The arrays by name (without <c>.npy</c>), in the archive's order. A name that is not there is a <see cref="FileFormatException"/>.</summary>
    public IReadOnlyDictionary<string, HostArray> Arrays { get; }

    /// <summary>The arrays of strings by name, in the archive's order.</summary>
    public IReadOnlyDictionary<string, TextArray> Texts { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileFormatException">No such file, not a zip archive, damaged, or a member that is not npy.</exception>
    public static NpzFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileErrors.Reading(path, () =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
            using var archive = OpenArchive(file, path);
            var arrays = new OrderedDictionary<string, HostArray>();
            var texts = new OrderedDictionary<string, TextArray>();
            var compressed = 0L;
            foreach (var member in archive.Entries)
            {
                var label = $"{path}: member {FileErrors.Quote(member.FullName)}";
                if (!member.FullName.EndsWith(Suffix, StringComparison.Ordinal)) throw FileErrors.Broken(label, "is not an npy file");
                var name = member.FullName[..^Suffix.Length];
                if (arrays.ContainsKey(name) || texts.ContainsKey(name)) throw FileErrors.Broken(label, "is there twice");
                // Members that share their bytes are how small archives become huge ones.
                if (member.CompressedLength > file.Length - compressed)
                    throw FileErrors.Broken(label, "and those before it are larger than the archive");
                compressed += member.CompressedLength;
                if (!Deflate.CanHold(member.CompressedLength, member.Length))
                    throw FileErrors.Broken(label, $"declares {member.Length} bytes, more than {member.CompressedLength} compressed bytes can hold");
                ReadMember(member, name, label, arrays, texts);
            }

            return new NpzFile(path, arrays, texts);
        });
    }

    /// <summary>Writes arrays to a file, whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="arrays">Names (without <c>.npy</c>), all different, and their arrays; bfloat16 is written as float32.</param>
    /// <param name="compress">True to deflate the members, as <c>numpy.savez_compressed</c> does.</param>
    /// <exception cref="FileFormatException">A name twice or empty, or the file system refused.</exception>
    public static void Write(string path, IEnumerable<(string Name, HostArray Array)> arrays, bool compress = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        var members = arrays.ToArray();
        var names = new HashSet<string>();
        foreach (var (name, _) in members)
        {
            if (string.IsNullOrEmpty(name) || !names.Add(name))
                throw FileErrors.Broken(path, $"cannot be written: the name {FileErrors.Quote(name ?? "")} is empty or there twice");
        }

        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, array) in members)
            {
                var member = archive.CreateEntry(name + Suffix, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
                member.LastWriteTime = FixedTime;
                using var content = member.Open();
                NpyFile.Write(content, array);
            }
        });
    }

    private static ZipArchive OpenArchive(FileStream file, string path)
    {
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = archive.Entries.Count; // reads the directory
            return archive;
        }
        catch (InvalidDataException error)
        {
            throw FileErrors.Broken(path, "is not a zip archive, or its directory is damaged", error);
        }
    }

    private static void ReadMember(
        ZipArchiveEntry member, string name, string label, OrderedDictionary<string, HostArray> arrays, OrderedDictionary<string, TextArray> texts)
    {
        if (member.IsEncrypted) throw FileErrors.Broken(label, "is encrypted");
        FileErrors.Reading(label, () =>
        {
            using var content = new Crc32Stream(member.Open());
            var header = NpyHeader.Read(content, member.Length, label);
            if (header.Type is null)
                texts.Add(name, ReadText(content, header, label));
            else
                arrays.Add(name, NpyFile.ReadElements(content, header, label));
            if (content.ReadByte() >= 0) throw FileErrors.Broken(label, $"goes on after the {member.Length} bytes it declares");
            if (content.Sum != member.Crc32) throw FileErrors.Broken(label, "is damaged: its check sum differs");
            return member;
        });
    }

    // UTF-32, padded with NULs.
    private static TextArray ReadText(Stream stream, NpyHeader header, string label)
    {
        if (header.Fortran && header.Shape.Rank > 1) throw FileErrors.Broken(label, "text in Fortran order is not read");
        if (header.DataBytes > Array.MaxLength) throw FileErrors.Broken(label, $"{header.DataBytes} bytes of text are too many");
        var bytes = new byte[header.DataBytes];
        stream.ReadExactly(bytes);
        var values = new string[header.Shape.Size];
        var width = sizeof(int) * header.TextLength;
        var text = new StringBuilder(); // no capacity: the declared length may be of an empty array
        for (var i = 0; i < values.Length; i++)
        {
            text.Clear();
            for (var element = bytes.AsSpan(i * width, width); !element.IsEmpty; element = element[sizeof(int)..])
            {
                var code = header.BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(element) : BinaryPrimitives.ReadUInt32LittleEndian(element);
                if (!Rune.TryCreate(code, out var rune)) throw FileErrors.Broken(label, $"0x{code:X} is not a Unicode character");
                text.Append(rune);
            }

            values[i] = text.ToString().TrimEnd('\0');
        }

        return new(header.Shape, values);
    }
}
