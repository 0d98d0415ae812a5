using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Noether.Kernels;

/// <summary>Compiled kernels on disk, a file each, by what they were made from: device, driver, versions, method, types.</summary>
/// <remarks>
/// A file is <c>noether-kernel 1</c>, its checksum, the sizes of its shared memory and its key, a line each but for the key, and the text. What is broken,
/// or another key's, counts as absent and is written anew; files are written beside their place and moved there. Nothing here fails: without a place to write
/// to, kernels are compiled in every process.
/// <para>The environment variable <c>NOETHER_KERNELS</c> names the folder, or is <c>off</c>; else it is <c>noether/kernels</c> in the user's caches. What was
/// not read for a month is deleted.</para>
/// </remarks>
/// <param name="folder">Where; made when first written to.</param>
internal sealed class KernelStore(string folder)
{
    private const string Magic = "noether-kernel 1";
    private const string KeyEnd = "\n--\n";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private int isPruned;

    /// <summary>The user's; null if there is none.</summary>
    public static KernelStore? Shared { get; } = FolderOf(
        Environment.GetEnvironmentVariable("NOETHER_KERNELS"), Environment.GetEnvironmentVariable("XDG_CACHE_HOME")) is { } folder ? new(folder) : null;

    /// <summary>The folder that the environment asks for; null: none.</summary>
    /// <param name="named">The value of <c>NOETHER_KERNELS</c>.</param>
    /// <param name="caches">The value of <c>XDG_CACHE_HOME</c>.</param>
    public static string? FolderOf(string? named, string? caches)
    {
        if (string.Equals(named, "off", StringComparison.OrdinalIgnoreCase)) return null;
        if (!string.IsNullOrWhiteSpace(named)) return named;
        if (string.IsNullOrWhiteSpace(caches))
        {
            var home = Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
            if (home.Length == 0) return null;
            caches = OperatingSystem.IsWindows() ? home : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
        }

        return Path.Combine(caches, "noether", "kernels");
    }

    /// <summary>The kernel of a key, or null.</summary>
    public StoredKernel? Find(string key)
    {
        try
        {
            var file = PlaceOf(key);
            if (!File.Exists(file)) return null;
            var kernel = Parse(File.ReadAllText(file), key);
            if (kernel is not null && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > KeptFor / 10) File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            return kernel;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a kernel, if it can.</summary>
    public void Keep(string key, StoredKernel kernel)
    {
        try
        {
            var file = PlaceOf(key);
            Directory.CreateDirectory(folder);
            Prune();
            var body = string.Create(CultureInfo.InvariantCulture, $"{kernel.SharedBytes} {(kernel.HasDynamicShared ? 1 : 0)}\n{key}{KeyEnd}{kernel.Text}");
            var fresh = $"{file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            File.WriteAllText(fresh, $"{Magic}\n{Hash(body)}\n{body}");
            File.Move(fresh, file, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // kernels are compiled again next time
        }
    }

    private static StoredKernel? Parse(string content, string key)
    {
        var lines = content.Split('\n', 4);
        if (lines.Length < 4 || lines[0] != Magic || lines[1] != Hash($"{lines[2]}\n{lines[3]}")) return null;
        var sizes = lines[2].Split(' ');
        if (sizes.Length != 2 || !int.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) return null;
        var head = key + KeyEnd;
        return lines[3].StartsWith(head, StringComparison.Ordinal) ? new(lines[3][head.Length..], bytes, sizes[1] == "1") : null;
    }

    private string PlaceOf(string key) => Path.Combine(folder, $"{Hash(key)}.kernel");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    // Once a process: what is not needed any more, such as other versions' kernels and files that were never finished.
    private void Prune()
    {
        if (Interlocked.Exchange(ref isPruned, 1) != 0) return;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > KeptFor) File.Delete(file);
        }
    }
}
