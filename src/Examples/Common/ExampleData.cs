namespace Noether.Examples;

/// <summary>Finds an example's data: where --data points, else what the project carries beside the program.</summary>
public static class ExampleData
{
    /// <summary>The paths of the named files, in order. A file may lie there as it is, gzipped (.gz), or with a dot before "idx" as some copies have it.</summary>
    /// <param name="name">The folder of the carried data: "mnist".</param>
    /// <param name="folder">What --data names; null for the carried data.</param>
    /// <param name="files">The files' names without .gz.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the message names those looked for.</exception>
    public static string[] Find(string name, string? folder, params string[] files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var place = folder ?? Path.Combine(AppContext.BaseDirectory, "data", name);
        if (!Directory.Exists(place))
            throw new DirectoryNotFoundException($"no data folder {place}; {name} needs {Wanted(files)} there");
        var paths = new List<string>();
        var missing = new List<string>();
        foreach (var file in files)
        {
            if (Candidates(file).Select(each => Path.Combine(place, each)).FirstOrDefault(File.Exists) is { } path)
                paths.Add(path);
            else
                missing.Add(file);
        }

        return missing.Count == 0
            ? [.. paths]
            : throw new FileNotFoundException($"{Wanted(missing)} missing in {place} (looked for each as it is and with .gz)");
    }

    private static IEnumerable<string> Candidates(string file)
    {
        yield return file;
        yield return file + ".gz";
        var dotted = file.Replace("-idx", ".idx", StringComparison.Ordinal);
        if (dotted != file)
        {
            yield return dotted;
            yield return dotted + ".gz";
        }
    }

    private static string Wanted(IEnumerable<string> files) => string.Join(", ", files);
}
