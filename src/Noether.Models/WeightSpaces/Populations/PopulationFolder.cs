using System.Globalization;
using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A population in a folder, one file a chunk: made chunk by chunk, in any order, and gone on with after an interruption.</summary>
/// <param name="folder">Where; made when the first chunk is written.</param>
/// <param name="name">What the files' names begin with.</param>
public sealed class PopulationFolder(string folder, string name)
{
    private const string Ending = ".safetensors";

    /// <summary>Where the files lie.</summary>
    public string Folder => folder;

    /// <summary>The file of a chunk.</summary>
    public string PathOf(int chunk) => Path.Combine(folder, $"{name}-{chunk.ToString("00000", CultureInfo.InvariantCulture)}{Ending}");

    /// <summary>True if a chunk is there.</summary>
    public bool Has(int chunk) => File.Exists(PathOf(chunk));

    /// <summary>True if a chunk is there, made with the notes that are given.</summary>
    /// <exception cref="FileFormatException">It cannot be read, or lacks a note or has another one.</exception>
    public bool Has(int chunk, IReadOnlyDictionary<string, string> notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        if (!Has(chunk)) return false;
        var found = Checkpoint.Notes(PathOf(chunk));
        foreach (var (note, value) in notes)
        {
            if (!found.TryGetValue(note, out var old) || old != value)
                throw new FileFormatException($"{PathOf(chunk)}: was made with {note} = {old ?? "nothing"}, not {value}; choose another folder or remove it");
        }

        return true;
    }

    /// <summary>Writes a chunk, whole or not at all.</summary>
    /// <exception cref="FileFormatException">It cannot be written.</exception>
    public void Write(int chunk, NetworkPopulation population)
    {
        ArgumentNullException.ThrowIfNull(population);
        Directory.CreateDirectory(folder);
        population.Save(PathOf(chunk));
    }

    /// <summary>The numbers of the chunks that are there, ascending.</summary>
    public IReadOnlyList<int> Chunks => !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, $"{name}-*{Ending}")
        .Select(path => Path.GetFileName(path)[(name.Length + 1)..^Ending.Length])
        .Where(static number => int.TryParse(number, CultureInfo.InvariantCulture, out _)).Select(static number => int.Parse(number, CultureInfo.InvariantCulture)).Order()];

    /// <summary>All chunks as one population.</summary>
    /// <param name="skipBroken">Leaves out files that cannot be read; else the first of them is an error.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <returns>The population, and for each file that was left out why.</returns>
    /// <exception cref="FileFormatException">There is no chunk, or none that can be read, or one cannot and <paramref name="skipBroken"/> is false.</exception>
    public (NetworkPopulation Population, IReadOnlyList<string> Broken) ReadAll(bool skipBroken = false, Device? device = null)
    {
        var (parts, broken) = (new List<NetworkPopulation>(), new List<string>());
        foreach (var chunk in Chunks)
        {
            try
            {
                parts.Add(NetworkPopulation.Load(PathOf(chunk), device));
            }
            catch (FileFormatException reason) when (skipBroken)
            {
                broken.Add(reason.Message);
            }
        }

        if (parts.Count == 0) throw new FileFormatException($"{folder}: no file {name}-…{Ending} that can be read{(broken.Count > 0 ? $" among {broken.Count}; {broken[0]}" : "")}");
        return (NetworkPopulation.Join(parts), broken);
    }
}
