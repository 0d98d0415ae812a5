using Noether.Nn;

namespace Noether.Examples.SharpnessAware;

/// <summary>What is trained under several radii, and what is looked at.</summary>
internal sealed record RankTask
{
    /// <summary>The verb; files begin with it.</summary>
    public required string Name { get; init; }

    /// <summary>Of figures.</summary>
    public required string Title { get; init; }

    /// <summary>What has parameters.</summary>
    public required IModule Module { get; init; }

    /// <summary>Applies it to a batch; returns what <see cref="Loss"/> and <see cref="Error"/> take.</summary>
    public required Func<Parameters, Context, Batch, Tensor[]> Apply { get; init; }

    /// <summary>The loss of what was returned.</summary>
    public required Func<Tensor[], Batch, Tensor> Loss { get; init; }

    /// <summary>Its name and convention.</summary>
    public required string LossName { get; init; }

    /// <summary>The part that is wrong, of what was returned for the whole test set.</summary>
    public required Func<Tensor[], Batch, double> Error { get; init; }

    /// <summary>Its name.</summary>
    public required string ErrorName { get; init; }

    /// <summary>Layers by their paths in the module, and how they are called.</summary>
    public required IReadOnlyList<(string Path, string Name)> Layers { get; init; }

    /// <summary>Of <see cref="Layers"/>: the one whose features classifiers are trained on at the end; null: none.</summary>
    public string? Probed { get; init; }

    /// <summary>Examples to learn from.</summary>
    public required Dataset Train { get; init; }

    /// <summary>Examples to test with.</summary>
    public required Dataset Test { get; init; }

    /// <summary>Where the data are from.</summary>
    public required string DataName { get; init; }

    /// <summary>Images whose classes the probes learn and are tested on; null: the data themselves.</summary>
    public (Dataset Train, Dataset Test)? Probe { get; init; }
}
