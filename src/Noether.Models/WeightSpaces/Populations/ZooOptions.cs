namespace Noether.Models.WeightSpaces;

/// <summary>How the networks of a zoo are trained, beside what each draws for itself.</summary>
public sealed record ZooOptions
{
    /// <summary>Channels of the convolutions.</summary>
    public int Channels { get; init; } = 8;

    /// <summary>Classes of the images.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Images a step, drawn with replacement from the part that a network sees.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Steps of each network.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Networks of one optimiser and activation that are trained at once: one chunk.</summary>
    public int ChunkSize { get; init; } = 32;

    /// <summary>Steps after which networks are kept, besides the last.</summary>
    public IReadOnlyList<int> Checkpoints { get; init; } = [];
}
