namespace Noether.Models.WeightSpaces;

/// <summary>How many sinusoidal networks are fitted to their images.</summary>
public sealed record SirenFitOptions
{
    /// <summary>The most steps of Adam a network gets, each over all of its points.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>The first learning rate; it falls along a cosine.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The last learning rate.</summary>
    public double FinalLearningRate { get; init; } = 1e-5;

    /// <summary>A network stops when its peak signal-to-noise ratio (dB) has reached this; infinite: never before the last step.</summary>
    public double StopAt { get; init; } = double.PositiveInfinity;

    /// <summary>Steps between looks at the ratio.</summary>
    public int LookEvery { get; init; } = 50;

    /// <summary>Networks that are fitted at once; another takes the place of each that is done.</summary>
    public int Slots { get; init; } = 32;
}
