namespace Noether.Nn;

/// <summary>How a cross-entropy counts.</summary>
public sealed record CrossEntropyOptions
{
    /// <summary>PyTorch's marker of a target that does not count.</summary>
    public const int DefaultIgnoreIndex = -100;

    /// <summary>ε in [0, 1]: mixes the target with the uniform distribution, (1 - ε)·target + ε/classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>An integer target that does not count.</summary>
    public long IgnoreIndex { get; init; } = DefaultIgnoreIndex;

    /// <summary>One weight a class, [classes]; null: all 1.</summary>
    public Tensor? Weights { get; init; }

    /// <summary>What becomes of the losses of the batch. The mean divides by the sum of the targets' weights, as PyTorch does.</summary>
    public Reduction Reduction { get; init; }
}
