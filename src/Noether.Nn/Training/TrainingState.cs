namespace Noether.Nn;

/// <summary>Everything that training has reached: from it and the data the rest follows, bit for bit.</summary>
/// <param name="parameters">What is trained.</param>
/// <param name="optimizer">The optimiser's memory; holds the step.</param>
/// <param name="state">The module's running statistics.</param>
/// <param name="key">Decides the order of the data and every draw; each step folds its number into it.</param>
public sealed class TrainingState(Parameters parameters, Parameters optimizer, Parameters state, RandomKey key) : ITensorTree<TrainingState>
{
    /// <summary>What is trained.</summary>
    public Parameters Parameters { get; } = parameters;

    /// <summary>The optimiser's memory.</summary>
    public Parameters Optimizer { get; } = optimizer;

    /// <summary>The module's running statistics.</summary>
    public Parameters State { get; } = state;

    /// <summary>The random key.</summary>
    public RandomKey Key { get; } = key;

    /// <summary>Completed steps.</summary>
    public long Step => Optimizer["step"].Item<long>();

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Leaves => [.. Parameters.Leaves, .. Optimizer.Leaves, .. State.Leaves, Key.Words];

    /// <inheritdoc/>
    public object Structure => (Parameters.Structure, Optimizer.Structure, State.Structure);

    /// <inheritdoc/>
    public TrainingState WithLeaves(IReadOnlyList<Tensor> leaves)
    {
        var all = leaves.ToArray();
        int first = Parameters.Count, second = first + Optimizer.Count, third = second + State.Count;
        return new(Parameters.WithLeaves(all[..first]), Optimizer.WithLeaves(all[first..second]), State.WithLeaves(all[second..third]), RandomKey.From(all[third]));
    }

    /// <summary>The same values in memory of their own, to keep while <see cref="Trainer.Fit"/> goes on in the old one.</summary>
    public TrainingState Copy() => WithLeaves([.. Leaves.Select(x => x.ToHostArray().ToTensor(x.Device))]);
}
