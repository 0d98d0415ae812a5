namespace Noether.Tests.IO;

/// <summary>A folder for one test's files.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("noether-");

    public string this[string name] => Path.Combine(folder.FullName, name);

    public string[] Names => [.. folder.GetFiles().Select(file => file.Name).Order()];

    /// <summary>A new file; an older one of that name is not overwritten in place, since it may still be mapped.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.Delete(this[name]);
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);
}
