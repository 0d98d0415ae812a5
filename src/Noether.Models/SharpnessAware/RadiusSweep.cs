using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>
/// Trains copies of one network at once, each under sharpness-aware minimisation of a radius of its own, by one compiled step under Vmap. All begin with the same
/// weights and see the same batches: they differ in ρ alone.
/// </summary>
public sealed class RadiusSweep
{
    private readonly Func<Parameters, Context, Batch, Tensor> loss;
    private readonly Sam method;
    private readonly Tensor radii;
    private Func<Tensor[], Tensor[]>? step;

    /// <summary>The networks of a sweep.</summary>
    /// <param name="loss">The loss of a batch, from parameters and the context that modules take.</param>
    /// <param name="method">How each is trained; <see cref="Sam.Radius"/> is not used.</param>
    /// <param name="radii">ρ of each.</param>
    public RadiusSweep(Func<Parameters, Context, Batch, Tensor> loss, Sam method, IReadOnlyList<double> radii)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(radii);
        ArgumentOutOfRangeException.ThrowIfZero(radii.Count, nameof(radii));
        if (radii.Any(static radius => !double.IsFinite(radius) || radius < 0))
            throw new ArgumentOutOfRangeException(nameof(radii), string.Join(", ", radii), "RadiusSweep: radii are finite and not negative");
        (this.loss, this.method, Radii) = (loss, method, [.. radii]);
        this.radii = Tensor.From(radii.ToArray());
    }

    /// <summary>ρ of each network.</summary>
    public IReadOnlyList<double> Radii { get; }

    /// <summary>How many steps a state has behind it.</summary>
    public static long Steps(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Optimizer["step"].ToArray<long>()[0];
    }

    /// <summary>The state before the first step; its tensors have the networks along axis 0.</summary>
    /// <param name="module">What is trained.</param>
    /// <param name="key">Decides the first weights, the order of the data and every draw.</param>
    public TrainingState Init(IModule module, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(key);
        var (first, rest) = key.Split();
        var parameters = module.Init(first);
        var state = new TrainingState(Copies(parameters), Copies(method.Init(parameters)), Copies(module.InitState(device: key.Words.Device)), rest);
        Tensor.Evaluate(state);
        return state;
    }

    /// <summary>One step of all networks on a batch; it may use the old state's memory.</summary>
    /// <param name="state">Before.</param>
    /// <param name="batch">What all see.</param>
    /// <returns>After, and the losses at the weights before: [networks].</returns>
    public (TrainingState State, Tensor Losses) Step(TrainingState state, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(batch);
        var moving = state.Leaves.Count - 1;
        step ??= Transform.Compile(Transform.Vmap(a => StepOne(state, batch, a), [.. Enumerable.Repeat<int?>(0, moving + 1), .. Enumerable.Repeat<int?>(null, 1 + batch.Count)]),
            [.. Enumerable.Range(0, moving)]);
        var results = step([.. state.Leaves.Take(moving), radii.To(state.Key.Words.Device), state.Key.Words, .. batch.Leaves]);
        return (state.WithLeaves([.. results[..^1], state.Key.Words]), results[^1]);
    }

    /// <summary>Trains until all epochs are complete. A state that is not new goes on where it stopped, with the same batches and draws.</summary>
    /// <param name="state">From <see cref="Init"/> or a checkpoint.</param>
    /// <param name="data">What the loss takes.</param>
    /// <param name="options">Batches, epochs, checkpoints; its progress is not used.</param>
    /// <param name="progress">Called after each step with the state, the steps that are done and the losses.</param>
    /// <param name="cancellation">Looked at after each step.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the checkpoint, if one was asked for, is written.</exception>
    public TrainingState Fit(
        TrainingState state, Dataset data, FitOptions options, Action<TrainingState, long, Tensor>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        var perEpoch = data.BatchCount(options.BatchSize, dropLast: true);
        if (perEpoch == 0) throw new ShapeException($"Fit: {data.Count} examples do not fill one batch of {options.BatchSize}");
        state = state.Copy();
        var order = state.Key.Split().First;
        for (var done = Steps(state); done < (long)perEpoch * options.Epochs;)
        {
            foreach (var batch in data.Batches(options.BatchSize, order.Fold((int)(done / perEpoch)), dropLast: true, (int)(done % perEpoch), state.Key.Words.Device))
            {
                (state, var losses) = Step(state, batch);
                Tensor.Evaluate([.. state.Leaves, losses]);
                done++;
                progress?.Invoke(state, done, losses);
                if (!cancellation.IsCancellationRequested) continue;
                Save();
                throw new OperationCanceledException($"Fit: cancelled after {done} of {(long)perEpoch * options.Epochs} steps", cancellation);
            }

            Save();
        }

        return state;

        void Save()
        {
            if (options.CheckpointPath is { } path) Checkpoint.Save(path, state, Notes);
        }
    }

    /// <summary>What a checkpoint says of its run, so that another run's is told apart.</summary>
    public IReadOnlyDictionary<string, string>? Notes { get; init; }

    private Tensor[] StepOne(TrainingState like, Batch batchLike, Tensor[] a)
    {
        var moving = like.Leaves.Count - 1;
        var state = like.WithLeaves([.. a[..moving], a[moving + 1]]);
        var batch = batchLike.WithLeaves(a[(moving + 2)..]);
        var draws = state.Key.Split().Second.Fold(state.Optimizer["step"]);
        var after = (method with { Radius = new OwnSchedule(a[moving]) }).Step(
            parameters =>
            {
                var context = Context.ForTraining(draws, state.State);
                return (loss(parameters, context, batch), context.State);
            },
            state.Parameters, state.Optimizer);
        return [.. after.Parameters.Leaves, .. after.State.Leaves, .. after.ModuleState.Leaves, after.Loss];
    }

    private Parameters Copies(Parameters tree) => tree.Map(x => x.Unsqueeze(0).BroadcastTo([Radii.Count, .. x.Shape]));
}
