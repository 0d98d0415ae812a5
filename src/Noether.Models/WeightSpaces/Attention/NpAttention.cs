using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>
/// Self-attention among the weights of networks, equivariant to permutations of all neurons (NP): for each layer of neurons among the weights that meet
/// there, and among the means of all tensors.
/// </summary>
/// <remarks>
/// Each entry is projected to queries, keys and values, whose channels lie as (head, query | key | value, channel). In a layer of neurons the columns of
/// the incoming weights, the bias and the rows of the outgoing weights are tokens of channels times neurons
/// (<see cref="Tensor.AttendNeurons(Tensor?, Tensor?, Tensor?, int, Func{Tensor, Tensor}?)"/>); a weight tensor adds what it gathers as rows, as columns, and as a mean. Parameters
/// <c>to_qkv.linear</c>; or unshared <c>weight_to_qkv.i.linear</c>, <c>bias_to_qkv.i.linear</c> and <c>unproject_weight.i.linear</c>, each with <c>weight</c>
/// [outputs, inputs] and <c>bias</c>. None depends on the number of neurons.
/// Source: Zhou et al., Neural functional transformers (2023), section 3.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Channels">Channels of an entry, a multiple of the heads.</param>
/// <param name="Heads">How many.</param>
public sealed record NpAttention(WeightSpec Spec, int Channels, int Heads) : WeightLayer(Spec, Channels, Channels)
{
    private const string SharedMap = "to_qkv.linear";

    /// <summary>Whether one projection serves all tensors; convolutions need one each.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>Whether the weights that meet in a layer of neurons attend to one another.</summary>
    public bool NeuronTerm { get; init; } = true;

    /// <summary>Whether the tensors' means attend to one another.</summary>
    public bool GlobalTerm { get; init; } = true;

    /// <summary>The probability that a weight of the attention in a layer of neurons is dropped while training.</summary>
    public double Dropout { get; init; }

    // What a weight tensor sums: as rows and as columns, and as a mean. The authors un-project each by itself, so the bias counts as often.
    private int Terms => (NeuronTerm ? 2 : 0) + (GlobalTerm ? 1 : 0);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The heads do not divide the channels, a shared projection is to serve convolutions, or there is no term.</exception>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        CheckSizes();
        if (Shared) return LinearMap.Init([[new(SharedMap, 3 * Channels, Channels)]], key, type);
        var layers = Enumerable.Range(0, Spec.Layers);
        return LinearMap.Init(
            [
                .. layers.Select(i => (LinearMap[])[new(WeightMap(i), 3 * Channels, Channels * Spec.FilterSize(i))]),
                .. layers.Select(i => (LinearMap[])[new(BiasMap(i), 3 * Channels, Channels)]),
                .. layers.Select(i => (LinearMap[])[new(Unprojection(i), Channels * Spec.FilterSize(i), Channels)]),
            ],
            key, type);
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters.</exception>
    /// <exception cref="ArgumentException">The heads do not divide the channels, a shared projection is to serve convolutions, or there is no term.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        CheckSizes();
        Check(x, ends: false);
        Tensor[] sums = (NeuronTerm, GlobalTerm) switch
        {
            (true, false) => AmongNeurons(parameters, x, context),
            (false, _) => [.. x.Leaves.Zip(AmongMeans(parameters, x), static (t, mean) => mean.BroadcastTo([.. mean.Shape[..2], .. t.Shape[2..]]))],
            _ => [.. AmongNeurons(parameters, x, context).Zip(AmongMeans(parameters, x), static (t, mean) => t + mean)],
        };
        var (weights, biases) = (sums.Where(static (_, i) => i % 2 == 0), sums.Where(static (_, i) => i % 2 == 1));
        return new(x.Spec, Shared ? [.. weights] : [.. weights.Select((w, i) => Unproject(parameters.Under(Unprojection(i)), w))], [.. biases]);
    }

    // What each tensor gathers in the layers of neurons at both its ends, in the order of leaves.
    private Tensor[] AmongNeurons(Parameters parameters, WeightFeatures x, Context context)
    {
        Tensor[] weights = [.. x.Weights.Select((w, i) => Entries(parameters, WeightMap(i), w))];
        Tensor[] biases = [.. x.Biases.Select((b, i) => LinearMap.Apply(parameters, BiasMap(i), b))];
        var sums = new Tensor[2 * Spec.Layers];
        for (var layer = 0; layer <= Spec.Layers; layer++)
        {
            var (before, after) = (layer > 0, layer < Spec.Layers);
            var (incoming, bias, outgoing) = Tensor.AttendNeurons(
                before ? weights[layer - 1] : null, before ? biases[layer - 1] : null, after ? weights[layer] : null, Heads, Dropping(context.Under($"neurons.{layer}")));
            if (before) (sums[2 * (layer - 1)], sums[2 * layer - 1]) = (sums[2 * (layer - 1)] + incoming!, bias!);
            if (after) sums[2 * layer] = outgoing!;
        }

        return sums;
    }

    // What each tensor's mean gathers: [batch, channels, 1, 1] for weights, [batch, channels, 1] for biases. The projection is linear, so means come first.
    private IEnumerable<Tensor> AmongMeans(Parameters parameters, WeightFeatures x)
    {
        var (batch, tokens) = (x.Batch, 2 * Spec.Layers);
        Tensor[] means = [.. x.Leaves.Select(t => t.Reshape([batch, t.Shape[1], checked((int)t.Shape[2..].Size)]).Mean(-1))];
        var packed = Shared
            ? LinearMap.Apply(parameters, SharedMap, Tensor.Stack(2, means))
            : Tensor.Stack(2, [.. means.Select((mean, t) => LinearMap.Apply(parameters, t % 2 == 0 ? WeightMap(t / 2) : BiasMap(t / 2), mean))]);
        var parts = packed.Reshape(batch, Heads, 3, Channels / Heads, tokens).SwapAxes(-2, -1);
        Tensor Role(int which) => parts.Narrow(2, which, 1).Squeeze(2);
        var gathered = Tensor.ScaledDotProductAttention(Role(0), Role(1), Role(2)).SwapAxes(-2, -1).Reshape(batch, Channels, tokens);
        return Enumerable.Range(0, tokens).Select(t =>
        {
            var mean = gathered.Narrow(2, t, 1);
            return t % 2 == 0 ? mean.Unsqueeze(-1) : mean;
        });
    }

    private Tensor Unproject(Parameters map, Tensor weight) => Flat(weight, x => map["weight"].MatMul(x) + Terms * map["bias"].Unsqueeze(-1));

    private static Tensor Entries(Parameters parameters, string name, Tensor weight) => Flat(weight, x => LinearMap.Apply(parameters, name, x));

    // A map of the channels of [batch, channels, rows, columns].
    private static Tensor Flat(Tensor weight, Func<Tensor, Tensor> map)
    {
        var shape = weight.Shape;
        var y = map(weight.Reshape(shape[0], shape[1], shape[2] * shape[3]));
        return y.Reshape(shape[0], y.Shape[1], shape[2], shape[3]);
    }

    private Func<Tensor, Tensor>? Dropping(Context context)
    {
        var dropout = new Dropout(Dropout);
        return Dropout > 0 && context.IsTraining ? weights => dropout.Apply(Parameters.Empty, weights, context) : null;
    }

    private string WeightMap(int i) => Shared ? SharedMap : $"weight_to_qkv.{i}.linear";

    private string BiasMap(int i) => Shared ? SharedMap : $"bias_to_qkv.{i}.linear";

    private static string Unprojection(int i) => $"unproject_weight.{i}.linear";

    private void CheckSizes()
    {
        if (Heads < 1 || Channels % Heads != 0) throw new ArgumentException($"NpAttention: {Heads} heads do not divide {Channels} channels");
        if (Shared && !Spec.IsDense) throw new ArgumentException($"NpAttention: one projection does not fit the filters of {Spec}; set Shared to false");
        if (Terms == 0) throw new ArgumentException("NpAttention: neither neurons nor means attend to one another");
    }
}
