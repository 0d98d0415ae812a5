using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text;

namespace Noether.Bench.Peers;

/// <summary>
/// Lets TorchSharp's Linux binary load where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04).
/// </summary>
/// <remarks>
/// libLibTorchSharp.so asks for symbol version GLIBCXX_3.4.32 for one symbol only,
/// <c>std::ios_base_library_init()</c>. That symbol is a link-time marker: no relocation refers to it and
/// nothing calls it. Marking the version as weak (one bit, VER_FLG_WEAK) is all that the loader needs. A copy of the
/// file with that bit set is put beside the application (or in the user's cache) and loaded from there.
/// Where libstdc++ has the symbol, and on every other platform, nothing is done.
/// </remarks>
internal static class TorchNative
{
    private const string Library = "LibTorchSharp", FileName = "libLibTorchSharp.so";
    private const string Version = "GLIBCXX_3.4.32", Marker = "_ZSt21ios_base_library_initv";
    private const uint SectionVerneed = 0x6ffffffe;
    private const ushort WeakVersion = 2;

    private static readonly Lock Gate = new();
    private static nint Handle;
    private static string? Result;

    /// <summary>Runs when the assembly's code is first used: also in the processes that BenchmarkDotNet starts.</summary>
    [ModuleInitializer]
    internal static void Initialize() => EnsureLoadable();

    /// <summary>Prepares the native library if that is needed, and says in a few words what it did.</summary>
    public static string EnsureLoadable()
    {
        lock (Gate)
        {
            return Result ??= Prepare();
        }
    }

    private static string Prepare()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return "as shipped: not Linux x64";
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out nint cxx) || NativeLibrary.TryGetExport(cxx, Marker, out _))
            return "as shipped: libstdc++ is new enough";
        if (Find(FileName) is not { } shipped || Find("libtorch.so") is not { } torch)
            return "as shipped: TorchSharp's native files are not here";

        byte[] image = File.ReadAllBytes(shipped);
        if (!MarkVersionWeak(image))
            return "as shipped: the file does not ask for " + Version;

        NativeLibrary.Load(torch);      // its neighbours come along through its own $ORIGIN run path
        Handle = NativeLibrary.Load(WriteCopy(image, shipped));
        // TorchSharp asks for the library by name; where the default search fails, hand it the copy.
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (_, name) => name == Library ? Handle : 0;
        return "patched copy loaded";
    }

    private static string? Find(string file)
    {
        string native = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string here = AppContext.BaseDirectory;
        return native.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append(here).Append(Path.Combine(here, "runtimes", "linux-x64", "native"))
            .Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>Sets the weak bit of the version requirement in an ELF64 image; false if there is none.</summary>
    private static bool MarkVersionWeak(Span<byte> elf)
    {
        static ulong U64(ReadOnlySpan<byte> b, ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(b[(int)at..]);
        static uint U32(ReadOnlySpan<byte> b, ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(b[(int)at..]);
        static ushort U16(ReadOnlySpan<byte> b, ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(b[(int)at..]);

        if (!elf.StartsWith("\x7f"u8 + "ELF\x02\x01"u8)) return false;
        ulong headers = U64(elf, 0x28), size = U16(elf, 0x3A), found = 0;
        for (ulong i = 0; i < U16(elf, 0x3C); i++)
        {
            ulong section = headers + i * size;
            if (U32(elf, section + 4) != SectionVerneed) continue;
            ulong strings = U64(elf, headers + U32(elf, section + 0x28) * size + 0x18);
            for (ulong need = U64(elf, section + 0x18), next = 1; next != 0; need += next)
            {
                next = U32(elf, need + 12);
                ulong aux = need + U32(elf, need + 8);
                for (int k = U16(elf, need + 2); k > 0; k--, aux += U32(elf, aux + 12))
                {
                    ReadOnlySpan<byte> name = elf[(int)(strings + U32(elf, aux + 8))..];
                    if (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) != Version) continue;
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(int)(aux + 4)..], (ushort)(U16(elf, aux + 4) | WeakVersion));
                    found++;
                }
            }
        }
        return found > 0;
    }

    private static string WriteCopy(byte[] image, string shipped)
    {
        string cache = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        string stamp = $"{image.Length:x}-{File.GetLastWriteTimeUtc(shipped).Ticks:x}";
        foreach (string root in new[] { AppContext.BaseDirectory, cache })
        {
            try
            {
                string copy = Path.Combine(Directory.CreateDirectory(Path.Combine(root, "torch-native", stamp)).FullName, FileName);
                if (File.Exists(copy)) return copy;
                string part = copy + "." + Environment.ProcessId;
                File.WriteAllBytes(part, image);
                File.Move(part, copy, overwrite: true);     // atomic: processes that start together do not meet half a file
                return copy;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
        }
        throw new IOException("no folder to write the patched " + FileName + " to");
    }
}
