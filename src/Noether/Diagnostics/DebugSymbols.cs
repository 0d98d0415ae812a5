using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Noether;

/// <summary>Source lines of compiled methods, from the portable symbols beside an assembly or in it.</summary>
internal static class DebugSymbols
{
    // Readers live as long as the process: assemblies do, and there are few with a caller's code in them.
    private static readonly ConcurrentDictionary<Assembly, MetadataReaderProvider?> Readers = [];

    /// <summary>File and line of an instruction; null without symbols.</summary>
    public static (string File, int Line)? LineOf(MethodBase method, int offset)
    {
        if (Readers.GetOrAdd(method.Module.Assembly, Open) is not { } symbols) return null;
        var reader = symbols.GetMetadataReader();
        var row = MetadataTokens.GetRowNumber((EntityHandle)MetadataTokens.Handle(method.MetadataToken));
        if (row > reader.MethodDebugInformation.Count) return null;
        SequencePoint? last = null;
        foreach (var point in reader.GetMethodDebugInformation(MetadataTokens.MethodDebugInformationHandle(row)).GetSequencePoints())
        {
            if (point.IsHidden) continue;
            if (last is not null && point.Offset > offset) break;
            last = point;
        }

        return last is { } found ? (reader.GetString(reader.GetDocument(found.Document).Name), found.StartLine) : null;
    }

    private static MetadataReaderProvider? Open(Assembly assembly)
    {
        try
        {
            if (!File.Exists(assembly.Location)) return null; // in memory, or in a single file
            using var image = new PEReader(File.OpenRead(assembly.Location));
            return image.TryOpenAssociatedPortablePdb(assembly.Location, static path => File.Exists(path) ? new MemoryStream(File.ReadAllBytes(path)) : null, out var symbols, out _)
                ? symbols
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return null; // a profile without lines is better than none
        }
    }
}
