using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>Images that a loss is the mean over.</summary>
/// <param name="Name">train or test.</param>
/// <param name="Batches">On the run's device.</param>
internal sealed record EvaluationSet(string Name, IReadOnlyList<Batch> Batches)
{
    /// <summary>How many images.</summary>
    public int Count => Batches.Sum(static batch => batch.Size);
}
