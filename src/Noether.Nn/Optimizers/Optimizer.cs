namespace Noether.Nn;

/// <summary>
/// A rule that turns gradients into new parameters. A description; what it remembers between steps is a tree that goes in and comes out.
/// </summary>
/// <remarks>
/// Updates are elementwise and build graphs only: inside <c>Compile</c> with donated arguments they run in place, one fused pass a tensor.
/// A member says what it remembers (<see cref="Memories"/>) and the update of one tensor (<see cref="Update"/>).
/// </remarks>
public abstract record Optimizer
{
    private const string StepName = "step";

    /// <summary>The learning rate: a number or a schedule of the step.</summary>
    public required Schedule LearningRate { get; init; }

    /// <summary>The names of what is remembered for each parameter; each begins as zeros.</summary>
    private protected abstract IReadOnlyList<string> Memories { get; }

    /// <summary>The state before the first step: <c>step</c> (int64, completed steps) and, for each memory, <c>memory.name</c>.</summary>
    public Parameters Init(Parameters parameters) =>
        Memories.Aggregate(
            Parameters.Of((StepName, Tensor.From(0, DType.Int64, parameters.Count > 0 ? parameters.Leaves[0].Device : null))),
            (state, memory) => state.Merge(Parameters.Nest((memory, parameters.ZerosLike()))));

    /// <summary>One step: new parameters and state.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Of the loss, with the parameters' names.</param>
    /// <param name="state">From <see cref="Init"/> or the last step.</param>
    /// <exception cref="ParameterException">Names differ; the message names the first that is missing or too many.</exception>
    public (Parameters Parameters, Parameters State) Step(Parameters parameters, Parameters gradients, Parameters state)
    {
        parameters.CheckMatches(gradients, GetType().Name);
        var step = state[StepName];
        var before = Memories.Select(state.Under).ToArray();
        foreach (var memory in before) parameters.CheckMatches(memory, GetType().Name);

        var rate = LearningRate.At(step);
        var updated = new Tensor[parameters.Count];
        var after = before.Select(_ => new Tensor[parameters.Count]).ToArray();
        for (var i = 0; i < parameters.Count; i++)
        {
            var at = i;
            var memory = Array.ConvertAll(before, m => m.Leaves[at]);
            updated[i] = Update(parameters.Leaves[i], gradients.Leaves[i], memory, rate, step);
            for (var m = 0; m < memory.Length; m++) after[m][i] = memory[m];
        }

        var next = Parameters.Of((StepName, step + 1));
        for (var m = 0; m < after.Length; m++) next = next.Merge(Parameters.Nest((Memories[m], before[m].WithLeaves(after[m]))));
        return (parameters.WithLeaves(updated), next);
    }

    /// <summary>The new value of one parameter.</summary>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="memory">What is remembered of it; to be replaced by its new value.</param>
    /// <param name="rate">The learning rate, float64 without axes.</param>
    /// <param name="step">Completed steps, int64 without axes.</param>
    private protected abstract Tensor Update(Tensor p, Tensor g, Tensor[] memory, Tensor rate, Tensor step);
}
