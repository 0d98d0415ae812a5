using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>Images that a loss is the mean over.</summary>
/// <param name="Name">train or test.</param>
/// <param name="Batches">On the run's device.</param>
internal sealed record EvaluationSet(string Name, IReadOnlyList<Batch> Batches)
{
    /// <summary>Where an extrapolated variance was negative and was held at 0: a metric of grids.</summary>
    public const string Clamped = "clamped";

    /// <summary>How many images.</summary>
    public int Count => Batches.Sum(static batch => batch.Size);

    /// <summary>The metrics of some sets; the first has the plain names <c>loss</c> and <c>accuracy</c>.</summary>
    public static IEnumerable<string> Metrics(IReadOnlyList<EvaluationSet> sets) => [.. sets.SelectMany(static (set, i) => (string[])[set.Loss(i), set.Accuracy(i)]), Clamped];

    /// <summary>The name of the loss of a set at a place.</summary>
    public string Loss(int place) => place == 0 ? "loss" : $"{Name}_loss";

    /// <summary>The name of the accuracy of a set at a place.</summary>
    public string Accuracy(int place) => place == 0 ? "accuracy" : $"{Name}_accuracy";
}
