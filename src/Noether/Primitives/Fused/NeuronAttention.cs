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

    internal override void Evaluate(Device device, View[] x, View[] y) => device.AttendNeurons(this, x, y);

    /// <summary>What the scores of tokens of a length are multiplied by.</summary>
    internal static double ScaleOf(int length) => 1 / Math.Sqrt(Math.Max(1, length));

    /// <summary>The definition, for any number of tokens and with any map of the weights.</summary>
    internal static Tensor[] Composed(Tensor[] x, int heads, Func<Tensor, Tensor>? weightMap = null)
    {
        int batch = x[0].Shape[0], neurons = x[0].Shape[2], channels = x[0].Shape[1] / 3 / heads;
        Tensor[] parts = [Tokens(x[0], columns: true), Tokens(x[1], columns: true), Tokens(x[2], columns: false)]; // [batch, heads, 3, tokens, channels · neurons]
        var all = Tensor.Concatenate(3, parts);
        Tensor Role(int i) => all.Narrow(2, i, 1).Squeeze(2);
        var weights = (Role(0) * ScaleOf(channels * neurons)).MatMul(Role(1).SwapAxes(-2, -1)).Softmax(-1);
        var y = (weightMap is null ? weights : weightMap(weights)).MatMul(Role(2));

        var first = 0;
        return [Back(0, columns: true), Back(1, columns: true), Back(2, columns: false)];

        Tensor Tokens(Tensor t, bool columns)
        {
            var split = t.Reshape([batch, heads, 3, channels, t.Shape[2], t.Shape[3]]);
            var count = t.Shape[columns ? 3 : 2];
            return (columns ? split.Permute(0, 1, 2, 5, 3, 4) : split.Permute(0, 1, 2, 4, 3, 5)).Reshape([batch, heads, 3, count, channels * neurons]);
        }

        Tensor Back(int part, bool columns)
        {
            var count = parts[part].Shape[3];
            var tokens = y.Narrow(2, first, count).Reshape([batch, heads, count, channels, neurons]);
            first += count;
            return columns
                ? tokens.Permute(0, 1, 3, 4, 2).Reshape([batch, heads * channels, neurons, count])
                : tokens.Permute(0, 1, 3, 2, 4).Reshape([batch, heads * channels, count, neurons]);
        }
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
