using Noether.Models.WeightSpaces;

namespace Noether.Examples.WeightSpaces;

/// <summary>Reads the populations that other verbs made.</summary>
internal static class PopulationReading
{
    /// <summary>All networks of a folder; tells and counts the files that were left out.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder; the message names the verb that makes it.</exception>
    /// <exception cref="FileFormatException">A file is broken, and the user did not ask to skip such.</exception>
    public static NetworkPopulation Read(ExampleRun run, PopulationFolder folder, bool skipBroken, string verb)
    {
        if (folder.Chunks.Count == 0) throw new DirectoryNotFoundException($"no networks in {folder.Folder}; make some with {verb}, or let --out name the folder above them");
        var (population, broken) = folder.ReadAll(skipBroken);
        foreach (var reason in broken) run.Say($"left out: {reason}");
        if (skipBroken) run.Record("broken_files", broken.Count);
        return population;
    }

    /// <summary>The networks that make-sirens made, which must be of the kind that this example renders.</summary>
    /// <inheritdoc cref="Read"/>
    public static NetworkPopulation ReadSirens(ExampleRun run, bool skipBroken)
    {
        var folder = MakeSirens.Folder(run);
        var sirens = Read(run, folder, skipBroken, "make-sirens");
        new SirenOptions().CheckNotes(folder.Folder, sirens.Notes);
        return sirens;
    }
}
