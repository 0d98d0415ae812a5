using Noether.Models.Curvature;
using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Sharpening;

/// <summary>
/// Descent of several networks at once, each with its own start and its own numbers, by one compiled step under <c>Vmap</c>: gradient descent at constant
/// rates, with the heavy ball's or Nesterov's momentum, sharpness-aware, on the full batch or on small ones.
/// </summary>
/// <remarks>
/// The runs are independent: each is what it would be alone. Runs with and without a radius may go together, but all then pay for the second gradient.
/// </remarks>
public sealed class DescentRuns
{
    private static readonly string[] Numbers = ["rate", "momentum", "decay", "smoothing", "radius", "shift"];

    private readonly Func<Parameters, Tensor, Tensor> network;
    private readonly OutputLoss loss;
    private readonly Batch data;
    private readonly DescentRecipe[] recipes;
    private readonly Tensor numbers;
    private Func<Tensor[], Tensor[]>? step;

    /// <summary>Runs on the same data.</summary>
    /// <param name="network">f: outputs [samples, outputs] from parameters and samples; a module's <c>Apply</c>.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="data">Inputs [samples, …] and targets: classes [samples] or numbers [samples, outputs].</param>
    /// <param name="recipes">One a run; batch size and kind of momentum must be the same for all.</param>
    /// <exception cref="ArgumentException">They are not, or a number makes no sense.</exception>
    /// <exception cref="ShapeException">Images that are to be moved are not [samples, channels, side, side].</exception>
    public DescentRuns(Func<Parameters, Tensor, Tensor> network, OutputLoss loss, Batch data, params IReadOnlyList<DescentRecipe> recipes)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(recipes);
        Check(data, recipes);
        (this.network, this.loss, this.data, this.recipes) = (network, loss, data, [.. recipes]);
        numbers = Tensor.From(
            [.. recipes.SelectMany(static r => (double[])[r.LearningRate, r.Momentum, r.WeightDecay, r.LabelSmoothing, r.Radius, r.Shift])],
            [recipes.Count, Numbers.Length], data.Input.Device);
    }

    /// <summary>One a run.</summary>
    public IReadOnlyList<DescentRecipe> Recipes => recipes;

    private bool HasMomentum => Array.Exists(recipes, static r => r.Momentum != 0);

    /// <summary>The state before the first step.</summary>
    /// <param name="starts">θ of each run.</param>
    /// <param name="keys">Decide the batches of each run; the full batch needs none.</param>
    public DescentState Begin(IReadOnlyList<Parameters> starts, IReadOnlyList<RandomKey>? keys = null)
    {
        ArgumentNullException.ThrowIfNull(starts);
        if (starts.Count != recipes.Length || (keys is not null && keys.Count != recipes.Length))
            throw new ArgumentException($"DescentRuns: {starts.Count} starts and {keys?.Count ?? 0} keys for {recipes.Length} runs", nameof(starts));
        var device = data.Input.Device;
        keys ??= [.. Enumerable.Range(0, recipes.Length).Select(i => RandomKey.From(i, device))];
        var networks = Parameters.Stack([.. starts]);
        DescentState state = new(networks, HasMomentum ? networks.ZerosLike() : Parameters.Empty, Tensor.Stack(0, [.. keys.Select(static key => key.Words)]), 0);
        Tensor.Evaluate([.. state.ToParameters().Leaves]);
        return state;
    }

    /// <summary>One step of every run.</summary>
    /// <param name="state">Its tensors' memory goes to the result: it must not be used afterwards.</param>
    /// <returns>The new state, and the losses [runs] that the steps began with: of the batch, with smoothing, without penalty.</returns>
    public (DescentState State, Tensor Losses) Step(DescentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        step ??= Compile(state);
        var (count, moving) = (state.Networks.Count, state.Networks.Count + state.Velocities.Count);
        var done = Tensor.From([state.Step], [1], data.Input.Device);
        var results = step([.. state.Networks.Leaves, .. state.Velocities.Leaves, state.Keys, numbers, done]);
        return (state with
        {
            Networks = state.Networks.WithLeaves(results[..count]),
            Velocities = state.Velocities.WithLeaves(results[count..moving]),
            Step = state.Step + 1,
        }, results[^1]);
    }

    private Func<Tensor[], Tensor[]> Compile(DescentState state)
    {
        var (like, moving) = (state.Networks.Unstack(0), state.Networks.Count + state.Velocities.Count);
        var hasMomentum = state.Velocities.Count > 0;
        int?[] axes = [.. Enumerable.Repeat<int?>(0, moving + 2), null];
        return Transform.Compile(Transform.Vmap(a => StepOne(like, hasMomentum, a), axes), [.. Enumerable.Range(0, moving)]);
    }

    private Tensor[] StepOne(Parameters like, bool hasMomentum, Tensor[] a)
    {
        var parameters = like.WithLeaves(a[..like.Count]);
        var (key, own, done) = (RandomKey.From(a[^3]), a[^2], a[^1]);
        Tensor Number(string name) => own.Narrow(0, Array.IndexOf(Numbers, name), 1).Squeeze(0);

        var (x, target) = Draw(key.Fold(done), Number("shift"));
        Tensor Risk(Parameters p)
        {
            var outputs = network(p, x);
            return loss.Mean(outputs, Uses(static r => r.LabelSmoothing)
                ? LabelSmoothing.Targets(target, outputs.Shape[1], Number("smoothing"), outputs.DType)
                : target);
        }

        var (value, gradient) = Transform.ValueAndGrad<Parameters>(Risk)(parameters);
        if (Uses(static r => r.Radius)) gradient = Transform.Grad<Parameters>(Risk)(parameters + Perturbation.Normalized.Of(parameters, gradient, Number("radius")));
        if (Uses(static r => r.WeightDecay)) gradient += parameters * Number("decay");
        if (!hasMomentum) return [.. (parameters - gradient * Number("rate")).Leaves, value];

        var momentum = Number("momentum");
        var velocity = like.WithLeaves(a[like.Count..(2 * like.Count)]) * momentum + gradient;
        var direction = recipes[0].Nesterov ? velocity * momentum + gradient : velocity;
        return [.. (parameters - direction * Number("rate")).Leaves, .. velocity.Leaves, value];
    }

    private (Tensor Input, Tensor Target) Draw(RandomKey key, Tensor shift)
    {
        var (x, target) = (data.Input, data.Target);
        if (recipes[0].BatchSize is var size and > 0)
        {
            var chosen = key.Fold(0).Integers([size], 0, data.Size);
            (x, target) = (x.Take(chosen), target.Take(chosen));
        }

        return (Uses(static r => r.Shift) ? Moves(key.Fold(1), shift, x).MatMul(x).MatMul(Moves(key.Fold(2), shift, x)) : x, target);
    }

    // A move of an image's rows or columns is the product with a matrix of one shifted diagonal: [samples, 1, side, side].
    private static Tensor Moves(RandomKey key, Tensor reach, Tensor x)
    {
        int samples = x.Shape[0], side = x.Shape[^1];
        var place = Tensor.Arange(side, device: x.Device).To(DType.Float64);
        var by = ((2 * reach + 1) * key.Uniform([samples, 1, 1, 1], type: DType.Float64)).Floor() - reach;
        return (place.Unsqueeze(1) + by).Equal(place).To(x.DType);
    }

    private bool Uses(Func<DescentRecipe, double> number) => Array.Exists(recipes, r => number(r) != 0);

    private static void Check(Batch data, IReadOnlyList<DescentRecipe> recipes)
    {
        if (recipes.Count == 0) throw new ArgumentException("DescentRuns: no recipe", nameof(recipes));
        foreach (var recipe in recipes)
        {
            if (recipe.BatchSize != recipes[0].BatchSize || recipe.Nesterov != recipes[0].Nesterov)
                throw new ArgumentException($"DescentRuns: {recipe} and {recipes[0]} cannot be one step: their batches or momenta are of different kinds", nameof(recipes));
            if (recipe is not { LearningRate: > 0, Momentum: >= 0 and < 1, WeightDecay: >= 0, LabelSmoothing: >= 0 and <= 1, Radius: >= 0, BatchSize: >= 0, Shift: >= 0 })
                throw new ArgumentException($"DescentRuns: {recipe} has a number out of its range", nameof(recipes));
            if (recipe.Shift > 0 && (data.Input.Rank != 4 || data.Input.Shape[2] != data.Input.Shape[3]))
                throw new ShapeException($"DescentRuns: moves images [samples, channels, side, side], not {data.Input.Shape}");
        }
    }
}
