namespace Noether.Examples.Tests;

/// <summary>A folder of one test's own, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("noether-examples-");

    public string this[string name] => Path.Combine(folder.FullName, name);

    public string FullName => folder.FullName;

    public string[] Names => [.. folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order()];

    public void Dispose() => folder.Delete(recursive: true);
}
