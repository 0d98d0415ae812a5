namespace Noether.Nn;

/// <summary>How <see cref="Trainer.Fit"/> goes through the data.</summary>
public sealed record FitOptions
{
    /// <summary>Examples a step.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Passes over the data, counted from the very first step: a resumed run does what is left.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Leaves out a smaller last batch, so that every step has one shape.</summary>
    public bool DropLast { get; init; } = true;

    /// <summary>Where to write checkpoints: after each epoch, at the end, and on cancellation. Null: nowhere.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Batches made ahead on a background thread; 0: none.</summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>Called after each step.</summary>
    public Action<TrainingProgress>? Progress { get; init; }
}
