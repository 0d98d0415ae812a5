namespace Noether.Examples.LossLandscape;

/// <summary>Where a verb takes its network from: a file, or a training.</summary>
/// <param name="Path">The file; null: training.</param>
/// <param name="Asked">Which network; null: the one that the file names, else small.</param>
/// <param name="Recipe">How it is trained.</param>
internal sealed record SolutionSource(string? Path, NetworkChoice? Asked, TrainingRecipe Recipe)
{
    /// <summary>Reads or trains.</summary>
    /// <remarks>What a run of the same settings trained is found again; other weights that lie in the output folder are refused, not written over.</remarks>
    public Solution Get(ExampleRun run, ImageSets images) => Path is not null
        ? Solution.Read(Path, Asked)
        : new Training(run, Asked ?? new("small"), Recipe, images) { Seed = run.Seed }.Run(replaces: false);
}
