using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Attention among the weights that meet in one layer of neurons: its incoming weights by columns, its biases, its outgoing weights by rows, each as a
/// token in which the layer's neurons and the channels of a head lie one behind the other.
/// </summary>
/// <remarks>
/// Inputs, projected to queries, keys and values whose channels lie as (head, query | key | value, channel): incoming [batch, 3c, neurons, left], of which
/// each column is a token, bias [batch, 3c, neurons, count] likewise, and outgoing [batch, 3c, right, neurons], of which each row is a token; any may have
/// no tokens. Outputs: what the tokens gather, where they came from: [batch, c, neurons, left], [batch, c, neurons, count], [batch, c, right, neurons].
/// With tokens of <c>d = c/heads · neurons</c> numbers a head: <c>softmax(q·kᵀ/√d)·v</c>.
/// Source: Zhou et al., Neural functional transformers (2023). At most <see cref="MostTokens"/> tokens, which a group of a device keeps in one tile.
/// </remarks>
/// <param name="Heads">How many heads share the channels.</param>
public sealed record NeuronAttention(int Heads) : FusedPrimitive, ISampled
{
    /// <summary>The most tokens that a layer may have here; more are for the definition.</summary>
    internal const int MostTokens = 64;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        Sampled(new(1), 2, 1, 2, 2, 1, 3),
        Sampled(new(2), 1, 2, 2, 0, 0, 3),
        Sampled(new(2), 2, 1, 1, 3, 1, 0),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType));
        Shape left = x[0].Shape, bias = x[1].Shape, right = x[2].Shape;
        var rows = left.Rank == 4 && left[1] % (3 * Heads) == 0 && bias.Equals(left.With(3, bias[^1]))
            && right.Rank == 4 && right.With(2, left[2]).Equals(left.With(3, left[2])) && right[3] == left[2];
        if (!rows) throw new ShapeException($"{Name}: incoming weights {left}, biases {bias} and outgoing weights {right} do not meet in {Heads} heads");
        if (left[3] + bias[3] + right[2] > MostTokens)
            throw new ShapeException($"{Name}: {left[3]} + {bias[3]} + {right[2]} tokens are more than {MostTokens}");
        var channels = left[1] / 3;
        return [new(left.With(1, channels), type), new(bias.With(1, channels), type), new(right.With(1, channels), type)];
    }

    internal override Tensor[] Define(Tensor[] x) => Composed(x, Heads);

    // As of the definition, with the three roles' gradients put together once instead of each padded to the whole.
    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        if (Array.TrueForAll(cotangents, static g => g is null)) return new Tensor?[3];
        var tokens = new NeuronTokens(x, Heads);
        Tensor query = tokens.Role(0) * tokens.Scale, key = tokens.Role(1), value = tokens.Role(2);
        var weights = query.MatMul(key.SwapAxes(-2, -1)).Softmax(-1);
        var g = tokens.OfResults([.. cotangents.Select((c, i) => c ?? y[i].ZerosLike())]);
        var slope = g.MatMul(value.SwapAxes(-2, -1));
        var scores = weights * (slope - (slope * weights).Sum(-1, keepAxis: true));
        return [.. tokens.Apart(Tensor.Stack(2, scores.MatMul(key) * tokens.Scale, scores.SwapAxes(-2, -1).MatMul(query), weights.SwapAxes(-2, -1).MatMul(g)))
            .Select((dx, i) => wanted[i] ? dx : null)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.AttendNeurons(this, x, y);

    /// <summary>What the scores of tokens of a length are multiplied by.</summary>
    internal static double ScaleOf(int length) => 1 / Math.Sqrt(Math.Max(1, length));

    /// <summary>The definition, for any number of tokens and with any map of the weights.</summary>
    internal static Tensor[] Composed(Tensor[] x, int heads, Func<Tensor, Tensor>? weightMap = null)
    {
        var tokens = new NeuronTokens(x, heads);
        var weights = (tokens.Role(0) * tokens.Scale).MatMul(tokens.Role(1).SwapAxes(-2, -1)).Softmax(-1);
        return tokens.Apart((weightMap is null ? weights : weightMap(weights)).MatMul(tokens.Role(2)).Unsqueeze(2));
    }

    private static Sample Sampled(NeuronAttention attention, int batch, int channels, int neurons, int left, int biases, int right)
    {
        var all = 3 * attention.Heads * channels;
        return new(
            attention,
            Sampling.Values([batch, all, neurons, left], -1, 1),
            Sampling.Values([batch, all, neurons, biases], -1, 1, seed: 1),
            Sampling.Values([batch, all, right, neurons], -1, 1, seed: 2));
    }
}
