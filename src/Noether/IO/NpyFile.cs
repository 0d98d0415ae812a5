using System.Runtime.InteropServices;

namespace Noether;

/// <summary>Reads and writes npy files, NumPy's format for one array.</summary>
/// <remarks>
/// Read: bool; int8 to int64 and uint8 to uint64 (the 8- and 16-bit ones widen to int32, uint32 and uint64 to int64); float16 (widens to
/// float32), float32 and float64; either byte order; C or Fortran order (brought to row-major). Structured, object, text, complex and date
/// arrays are refused by name. Written: version 1.0, little-endian, C order; bfloat16, which NumPy lacks, as float32.
/// </remarks>
public static class NpyFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileFormatException">No such file, not npy, an element type that is not read, or not of the size it declares.</exception>
    public static HostArray Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileErrors.Reading(path, () =>
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
            return ReadElements(stream, NpyHeader.Read(stream, stream.Length, path), path);
        });
    }

    /// <summary>Writes a file, whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="array">bfloat16 is written as float32.</param>
    /// <exception cref="FileFormatException">The file system refused.</exception>
    public static void Write(string path, HostArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        AtomicFile.Write(path, stream => Write(stream, array));
    }

    /// <summary>Writes header and elements.</summary>
    internal static void Write(Stream stream, HostArray array)
    {
        var type = array.DType == DType.BFloat16 ? DType.Float32 : array.DType;
        stream.Write(NpyHeader.Write(type, array.Shape));
        if (type == array.DType)
            array.CopyTo(stream);
        else
            WriteWidened(stream, array);
    }

    /// <summary>Reads what follows a header.</summary>
    internal static HostArray ReadElements(Stream stream, NpyHeader header, string file)
    {
        if (header.Type is not { } type) throw FileErrors.Broken(file, "holds text, not numbers");
        var array = StoredElements.Read(stream, file, type, header.BigEndian, header.Shape);
        return header.Fortran ? FortranOrder.ToRowMajor(array) : array;
    }

    private static void WriteWidened(Stream stream, HostArray array)
    {
        const int chunk = 1 << 16;
        var wide = new float[Math.Min(chunk, array.Shape.Size)];
        for (long done = 0; done < array.Shape.Size; done += chunk)
        {
            var part = array.Slice<BFloat16>(done, (int)Math.Min(chunk, array.Shape.Size - done));
            StoredElements.Widen(part, wide);
            stream.Write(MemoryMarshal.AsBytes(wide.AsSpan(0, part.Length)));
        }

        GC.KeepAlive(array);
    }
}
