using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>
/// Trains a zoo: small classifiers with hyper-parameters of their own, a chunk of them at once by one compiled step under <c>Vmap</c>, in which learning rate,
/// penalty, dropout and the part of the data that is seen are a network's own numbers.
/// </summary>
/// <remarks>A chunk depends on its number, the key and the options alone: chunks may be made in any order, by several processes.</remarks>
/// <param name="train">Images [n, 1, height, width] and labels [n] to train with.</param>
/// <param name="test">The same to test with.</param>
/// <param name="options">Sizes and steps.</param>
public sealed class ZooTrainer((Tensor Images, Tensor Labels) train, (Tensor Images, Tensor Labels) test, ZooOptions options)
{
    private const int EvaluationBatch = 250;

    private readonly Dictionary<(ZooOptimizer, ZooActivation), Population> populations = [];

    /// <summary>Trains the networks of a chunk; chunks take optimisers and activations in turn.</summary>
    /// <param name="key">The zoo's.</param>
    /// <param name="chunk">Which, from 0.</param>
    /// <param name="progress">Called with the steps that are done, now and then.</param>
    /// <param name="cancellation">Looked at as often; nothing is left of an interrupted call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ZooChunk Train(RandomKey key, int chunk, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var optimizers = Enum.GetValues<ZooOptimizer>();
        var (optimizer, activation) = (optimizers[chunk % optimizers.Length], (ZooActivation)(chunk / optimizers.Length % Enum.GetValues<ZooActivation>().Length));
        var keys = key.Fold(chunk).Split(options.ChunkSize);
        var drawn = Array.ConvertAll(keys, each => ZooHyperparameters.Draw(each.Fold(0), optimizer, activation));
        var population = Of(optimizer, activation);
        var state = population.Begin(drawn, keys);

        var kept = new List<(int Step, Tensor[] Networks)>();
        for (var step = 1; step <= options.Steps; step++)
        {
            state = population.Step(state);
            if (step % 10 == 0 || step == options.Steps)
            {
                Tensor.Evaluate(state);
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke(step);
            }

            // In memory of its own: the next step works in place.
            if (step == options.Steps || options.Checkpoints.Contains(step))
                kept.Add((step, [.. population.Networks(state).Select(static w => w.ToHostArray().ToTensor(w.Device))]));
        }

        return Join(chunk, population, drawn, kept);
    }

    private Population Of(ZooOptimizer optimizer, ZooActivation activation) => populations.TryGetValue((optimizer, activation), out var known)
        ? known
        : populations[(optimizer, activation)] = new(new(options.Channels, options.Classes, activation), optimizer, train, options.BatchSize);

    private ZooChunk Join(int chunk, Population population, ZooHyperparameters[] drawn, List<(int Step, Tensor[] Networks)> kept)
    {
        var count = drawn.Length;
        var entries = new List<(int Network, int Step, float Accuracy, float Loss, float Train)>();
        var places = new List<int>();
        for (var i = 0; i < kept.Count; i++)
        {
            var (loss, accuracy) = population.Score(kept[i].Networks, test, EvaluationBatch);
            var seen = population.Score(kept[i].Networks, (train.Images.Narrow(0, 0, Math.Min(train.Images.Shape[0], test.Images.Shape[0])), train.Labels), EvaluationBatch).Accuracy;
            var finite = kept[i].Networks.Select(static w => w.IsFinite().Reshape(w.Shape[0], -1).All(1)).Aggregate(static (a, b) => a & b).ToArray<bool>();
            for (var network = 0; network < count; network++)
            {
                if (!finite[network] || !float.IsFinite(loss[network])) continue;
                entries.Add((network, kept[i].Step, accuracy[network], loss[network], seen[network]));
                places.Add(i * count + network);
            }
        }

        var order = Tensor.From(places.ToArray(), [places.Count], train.Images.Device);
        var networks = population.Like.WithLeaves([.. Enumerable.Range(0, population.Like.Count)
            .Select(leaf => Tensor.Concatenate(0, [.. kept.Select(each => each.Networks[leaf])]).Take(order))]);
        Tensor.Evaluate(networks);
        return new(
            networks, [.. entries.Select(e => drawn[e.Network])], [.. entries.Select(e => chunk * count + e.Network)], [.. entries.Select(e => e.Step)],
            [.. entries.Select(e => e.Accuracy)], [.. entries.Select(e => e.Loss)], [.. entries.Select(e => e.Train)], kept.Count * count - entries.Count);
    }

    /// <summary>Networks of one optimiser and activation: what they share is compiled once.</summary>
    private sealed class Population
    {
        private readonly ZooNetwork network;
        private readonly (Tensor Images, Tensor Labels) train;
        private readonly int batch;
        private readonly Func<Parameters, Optimizer> rule;
        private readonly Parameters memory;
        private readonly Func<Tensor[], Tensor[]> step, score;

        public Population(ZooNetwork network, ZooOptimizer optimizer, (Tensor Images, Tensor Labels) train, int batch)
        {
            (this.network, this.train, this.batch) = (network, train, batch);
            rule = own => optimizer switch
            {
                ZooOptimizer.Sgd => new Sgd { LearningRate = new OwnSchedule(own["rate"]), Momentum = 0.9 },
                ZooOptimizer.Adam => new Adam { LearningRate = new OwnSchedule(own["rate"]) },
                _ => new RmsProp { LearningRate = new OwnSchedule(own["rate"]) },
            };
            Like = network.Init(RandomKey.From(0, train.Images.Device));
            memory = rule(Own(Like.Leaves[0], Like.Leaves[0], Like.Leaves[0], Like.Leaves[0], Like.Leaves[0])).Init(Like);
            var moving = Like.Count + memory.Count;
            int?[] axes = [.. Enumerable.Repeat<int?>(0, moving + OwnNames.Length)];
            step = Transform.Compile(Transform.Vmap(StepOne, axes), [.. Enumerable.Range(0, moving)]);
            score = Transform.Compile(Transform.Vmap(ScoreOne, [.. Enumerable.Repeat<int?>(0, Like.Count), null, null]));
        }

        // A network's own numbers: key, learning rate, penalty, dropout, the part of the data.
        private static readonly string[] OwnNames = ["key", "rate", "penalty", "dropout", "fraction"];

        public Parameters Like { get; }

        // Parameters, the optimiser's memory and the networks' own numbers, the networks along axis 0.
        public Tensor[] Begin(ZooHyperparameters[] drawn, RandomKey[] keys)
        {
            var device = train.Images.Device;
            var starts = drawn.Select((each, i) => (network with { Initializer = each.Initializer }).Init(keys[i].Fold(1))).ToArray();
            Tensor Numbers(Func<ZooHyperparameters, double> number) => Tensor.From([.. drawn.Select(each => (float)number(each))], [drawn.Length], device);
            Tensor[] state =
            [
                .. Parameters.Stack(starts).Leaves,
                .. memory.Leaves.Select(m => Tensor.Zeros([drawn.Length, .. m.Shape], m.DType, device)),
                Tensor.Stack(0, [.. keys.Select(static key => key.Fold(2).Words)]),
                Numbers(static each => each.LearningRate), Numbers(static each => each.Penalty), Numbers(static each => each.Dropout), Numbers(static each => each.Fraction),
            ];
            Tensor.Evaluate(state);
            return state;
        }

        public Tensor[] Step(Tensor[] state) => [.. step(state), .. state[^OwnNames.Length..]];

        public Tensor[] Networks(Tensor[] state) => state[..Like.Count];

        public (float[] Loss, float[] Accuracy) Score(Tensor[] networks, (Tensor Images, Tensor Labels) data, int size)
        {
            int networksCount = networks[0].Shape[0], images = data.Images.Shape[0];
            double[] loss = new double[networksCount], right = new double[networksCount];
            for (var at = 0; at < images; at += size)
            {
                var count = Math.Min(size, images - at);
                var sums = score([.. networks, data.Images.Narrow(0, at, count), data.Labels.Narrow(0, at, count)]);
                var (losses, hits) = (sums[0].ToArray<float>(), sums[1].ToArray<float>());
                for (var i = 0; i < networksCount; i++) (loss[i], right[i]) = (loss[i] + losses[i], right[i] + hits[i]);
            }

            return (Array.ConvertAll(loss, sum => (float)(sum / images)), Array.ConvertAll(right, sum => (float)(sum / images)));
        }

        private static Parameters Own(params ReadOnlySpan<Tensor> numbers)
        {
            var items = new KeyValuePair<string, Tensor>[OwnNames.Length];
            for (var i = 0; i < items.Length; i++) items[i] = new(OwnNames[i], numbers[i]);
            return new(items);
        }

        private Tensor[] StepOne(Tensor[] a)
        {
            var (parameters, remembered) = (Like.WithLeaves(a[..Like.Count]), memory.WithLeaves(a[Like.Count..(Like.Count + memory.Count)]));
            var own = Own(a[(Like.Count + memory.Count)..]);
            var key = RandomKey.From(own["key"]).Fold(remembered["step"].To(DType.Int32).Reshape(1));

            // The part of the data is a run of images that begins where the network's key says.
            var images = train.Images.Shape[0];
            var place = key.Fold(0).Uniform([batch]) * own["fraction"] + RandomKey.From(own["key"]).Uniform([1]);
            var chosen = ((place - place.Floor()) * images).Floor().To(DType.Int32).Minimum(images - 1);
            var (x, labels) = (train.Images.Take(chosen), train.Labels.Take(chosen));

            var gradient = Transform.Grad<Parameters>(p =>
                Loss.CrossEntropy(network.Apply(p, x, own["dropout"], key.Fold(1)), labels)
                + own["penalty"] / 2 * p.Leaves.Select(static w => w.Square().Sum()).Aggregate(static (s, t) => s + t))(parameters);
            var (after, next) = rule(own).Step(parameters, gradient, remembered);
            return [.. after.Leaves, .. next.Leaves];
        }

        private Tensor[] ScoreOne(Tensor[] a)
        {
            var (x, labels) = (a[^2], a[^1]);
            var logits = network.Apply(Like.WithLeaves(a[..^2]), x);
            return [Loss.CrossEntropy(logits, labels) * x.Shape[0], logits.ArgMax(1).Equal(labels).To(DType.Float32).Sum()];
        }
    }
}
