namespace Noether.Nn;

/// <summary>A module, a loss and an optimiser, joined to one compiled training step.</summary>
/// <param name="module">What is trained.</param>
/// <param name="loss">A scalar from the module's output and the batch's target.</param>
/// <param name="optimizer">How.</param>
/// <example><code>
/// var trainer = new Trainer(net, (y, t) =&gt; Loss.CrossEntropy(y, t), new Adam { LearningRate = 1e-3 });
/// var state = trainer.Fit(trainer.Init(RandomKey.From(0)), data, new FitOptions { Epochs = 3 });
/// </code></example>
public sealed class Trainer(Module module, Func<Tensor, Tensor, Tensor> loss, Optimizer optimizer)
{
    private readonly Dictionary<(bool Owned, string Structure), Func<Tensor[], Tensor[]>> steps = [];

    /// <summary>What is trained.</summary>
    public Module Module { get; } = module;

    /// <summary>How.</summary>
    public Optimizer Optimizer { get; } = optimizer;

    /// <summary>The largest joint norm of a step's gradients; null: no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The state before the first step.</summary>
    /// <param name="key">Decides the first parameters, the order of the data and every draw.</param>
    /// <param name="type">The parameters' type.</param>
    public TrainingState Init(RandomKey key, DType type = DType.Float32)
    {
        var (first, rest) = key.Split();
        var parameters = Module.Init(first, type);
        var state = new TrainingState(parameters, Optimizer.Init(parameters), Module.InitState(type, key.Words.Device), rest);
        Tensor.Evaluate(state);
        return state;
    }

    /// <summary>The step as a pure function of tensors: what is compiled, for use inside other transforms.</summary>
    /// <param name="state">Before.</param>
    /// <param name="batch">Inputs and targets.</param>
    public (TrainingState State, Tensor Loss) Update(TrainingState state, Batch batch)
    {
        var step = state.Optimizer["step"];
        var draws = state.Key.Split().Second.Fold(step);
        var (value, gradient, next) = Transform.ValueAndGrad<Parameters, Parameters>(parameters =>
        {
            var (output, after) = Module.Train(parameters, state.State, batch.Input, draws);
            return (loss(output, batch.Target), after);
        })(state.Parameters);
        if (ClipNorm is { } limit) gradient = Gradients.ClipByNorm(gradient, limit).Gradients;
        var (trained, memory) = Optimizer.Step(state.Parameters, gradient, state.Optimizer);
        return (new(trained, memory, next, state.Key), value);
    }

    /// <summary>One compiled step. The old state stays valid.</summary>
    /// <param name="state">Before.</param>
    /// <param name="batch">Inputs and targets; the plan is kept for each shape.</param>
    public (TrainingState State, Tensor Loss) Step(TrainingState state, Batch batch) => Run(state, batch, owned: false);

    /// <summary>
    /// Trains until <see cref="FitOptions.Epochs"/> are complete. A state that is not new goes on where it stopped, with the same batches and draws.
    /// </summary>
    /// <param name="state">From <see cref="Init"/> or <see cref="Checkpoint.Load"/>.</param>
    /// <param name="data">Inputs and targets.</param>
    /// <param name="options">Batches, epochs, checkpoints, progress.</param>
    /// <param name="cancellation">Looked at after each step.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the checkpoint, if one was asked for, is written.</exception>
    public TrainingState Fit(TrainingState state, Dataset data, FitOptions options, CancellationToken cancellation = default)
    {
        var perEpoch = data.BatchCount(options.BatchSize, options.DropLast);
        if (perEpoch == 0) throw new ShapeException($"Fit: {data.Count} examples do not fill one batch of {options.BatchSize}");

        state = state.Copy(); // from here on steps work in place
        var order = state.Key.Split().First;
        long step = state.Step, steps = (long)perEpoch * options.Epochs;
        while (step < steps)
        {
            var epoch = (int)(step / perEpoch);
            var batches = data.Batches(options.BatchSize, order.Fold(epoch), options.DropLast, (int)(step % perEpoch), state.Key.Words.Device);
            if (options.Prefetch > 0) batches = batches.Prefetch(options.Prefetch);
            foreach (var batch in batches)
            {
                (state, var value) = Run(state, batch, owned: true);
                step++;
                options.Progress?.Invoke(new(state, step, steps, step / (double)perEpoch, value.Item()));
                if (!cancellation.IsCancellationRequested) continue;
                Save(state, options);
                throw new OperationCanceledException($"Fit: cancelled after {step} of {steps} steps", cancellation);
            }

            Save(state, options);
        }

        return state;
    }

    private (TrainingState State, Tensor Loss) Run(TrainingState state, Batch batch, bool owned)
    {
        var leaves = state.Leaves;
        var results = Compiled(state, batch, owned)([.. leaves, .. batch.Leaves]);
        return (state.WithLeaves([.. results[..^1], state.Key.Words]), results[^1]);
    }

    // One function for each structure; shapes and types are the plan's concern. The key is not donated: it stays the same.
    private Func<Tensor[], Tensor[]> Compiled(TrainingState state, Batch batch, bool owned)
    {
        var count = state.Leaves.Count;
        var structure = $"{string.Join(' ', state.Parameters.Names)} | {string.Join(' ', state.State.Names)} | {batch.Count}";
        lock (steps)
        {
            if (steps.TryGetValue((owned, structure), out var known)) return known;
            int[] donated = owned ? [.. Enumerable.Range(0, count - 1), .. Enumerable.Range(count, batch.Count)] : [];
            return steps[(owned, structure)] = Transform.Compile(
                arguments =>
                {
                    var (next, value) = Update(state.WithLeaves(arguments[..count]), batch.WithLeaves(arguments[count..]));
                    return [.. next.Leaves.Take(count - 1), value];
                },
                donated);
        }
    }

    private void Save(TrainingState state, FitOptions options)
    {
        if (options.CheckpointPath is { } path)
            Checkpoint.Save(path, state, new Dictionary<string, string> { ["optimizer"] = Optimizer.ToString(), ["module"] = Module.ToString() });
    }
}
