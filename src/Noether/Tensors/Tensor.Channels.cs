using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>
    /// Means of matrices over their columns, over their rows and over both, in one read: what layers on the weights of networks see of a weight tensor.
    /// </summary>
    /// <remarks>For x of [batch…, rows, columns]. Means of nothing are NaN.</remarks>
    /// <returns>A mean for each row [batch…, rows], for each column [batch…, columns], and for each matrix [batch…].</returns>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public (Tensor Rows, Tensor Columns, Tensor Total) RowAndColumnMeans()
    {
        if (Rank < 2) throw new ShapeException($"RowAndColumnMeans: {Shape} are no matrices");
        var sums = ApplyMany(AxisSums.Instance, Floating());
        var rows = sums[0] / Shape[^1];
        return (rows, sums[1] / Shape[^2], rows.Mean(-1));
    }

    /// <summary>
    /// Mixes the channels of matrices and adds terms that depend on the row or on the column alone:
    /// <c>y[b, o, j, k] = Σ_c w[o, c] x[b, c, j, k] + rows[b, o, j] + columns[b, o, k]</c>.
    /// </summary>
    /// <remarks>
    /// For x of [batch, in, rows, columns]. A permutation-equivariant layer on the weights of networks is this for each weight tensor, with terms made of
    /// <see cref="RowAndColumnMeans"/> (a bias or a global term is a row term equal for all rows). One product; the result is written once.
    /// Source: Zhou et al., Permutation equivariant neural functionals (2023).
    /// </remarks>
    /// <param name="weight">[out, in].</param>
    /// <param name="rows">[batch, out, rows], or sizes of 1 that repeat.</param>
    /// <param name="columns">[batch, out, columns], or sizes of 1 that repeat.</param>
    /// <returns>[batch, out, rows, columns].</returns>
    /// <exception cref="ShapeException">Shapes do not go together.</exception>
    public Tensor MixChannels(Tensor weight, Tensor rows, Tensor columns)
    {
        const string operation = "MixChannels";
        if (Rank != 4) throw new ShapeException($"{operation}: {Shape} is not [batch, channels, rows, columns]");
        if (weight.Rank != 2 || weight.Shape[1] != Shape[1])
            throw new ShapeException($"{operation}: weights {weight.Shape} do not mix the {Shape[1]} channels of {Shape}");
        Shape rowTerms = [Shape[0], weight.Shape[0], Shape[2]], columnTerms = [Shape[0], weight.Shape[0], Shape[3]];
        if (!rowTerms.Equals(Shape.Broadcast(rows.Shape, rowTerms)))
            throw new ShapeException($"{operation}: row terms {rows.Shape} do not repeat to {rowTerms}");
        if (!columnTerms.Equals(Shape.Broadcast(columns.Shape, columnTerms)))
            throw new ShapeException($"{operation}: column terms {columns.Shape} do not repeat to {columnTerms}");
        var type = DTypes.Promote(DTypes.Promote(DType, weight.DType), DTypes.Promote(rows.DType, columns.DType)).ToFloating();
        return Apply(ChannelMix.Instance, weight.To(type), To(type), rows.To(type).BroadcastTo(rowTerms), columns.To(type).BroadcastTo(columnTerms));
    }

    /// <summary>
    /// Attention among the weights that meet in one layer of neurons of a network: columns of its incoming weights, its biases and rows of its outgoing
    /// weights are tokens, each a matrix of channels times neurons. What a transformer on the weights of networks does for each layer of neurons.
    /// </summary>
    /// <remarks>
    /// Operands are projected to queries, keys and values by a map of channels, whose results lie as (head, query | key | value, channel). Scores are divided
    /// by the square root of a token's length, channels of a head times neurons. Of incoming, biases and outgoing one at least must be there.
    /// Source: Zhou et al., Neural functional transformers (2023).
    /// </remarks>
    /// <param name="incoming">[batch, 3·channels, neurons, left], or null.</param>
    /// <param name="bias">[batch, 3·channels, neurons], or null.</param>
    /// <param name="outgoing">[batch, 3·channels, right, neurons], or null.</param>
    /// <param name="heads">How many heads share the channels.</param>
    /// <param name="weightMap">Applied to the weights [batch, heads, tokens, tokens] before they meet the values, for example dropout; null: nothing.</param>
    /// <returns>What each token gathers, where it came from, with a third of the channels; null where the operand is.</returns>
    /// <exception cref="ArgumentException">There is no operand, or no head.</exception>
    /// <exception cref="ShapeException">Shapes do not go together.</exception>
    public static (Tensor? Incoming, Tensor? Bias, Tensor? Outgoing) AttendNeurons(
        Tensor? incoming, Tensor? bias, Tensor? outgoing, int heads, Func<Tensor, Tensor>? weightMap = null)
    {
        const string operation = "AttendNeurons";
        if (heads < 1) throw new ArgumentException($"{operation}: {heads} heads", nameof(heads));
        var one = incoming ?? bias ?? outgoing ?? throw new ArgumentException($"{operation}: neither weights nor biases", nameof(incoming));
        if (one.Rank != (one == bias ? 3 : 4) || one.Shape[1] % (3 * heads) != 0)
            throw new ShapeException($"{operation}: {one.Shape} is not [batch, 3·channels, …] for {heads} heads");
        int batch = one.Shape[0], channels = one.Shape[1], neurons = one.Shape[one == outgoing ? 3 : 2];
        if (incoming is not null && (incoming.Rank != 4 || !incoming.Shape[..3].Equals(Shape.Create([batch, channels, neurons]))))
            throw new ShapeException($"{operation}: incoming weights {incoming.Shape} are not [{batch}, {channels}, {neurons}, left]");
        if (bias is not null && !bias.Shape.Equals(Shape.Create([batch, channels, neurons])))
            throw new ShapeException($"{operation}: biases {bias.Shape} are not [{batch}, {channels}, {neurons}]");
        if (outgoing is not null && (outgoing.Rank != 4 || !outgoing.Shape.Equals(Shape.Create([batch, channels, outgoing.Shape[2], neurons]))))
            throw new ShapeException($"{operation}: outgoing weights {outgoing.Shape} are not [{batch}, {channels}, right, {neurons}]");

        Tensor?[] given = [incoming, bias?.Unsqueeze(-1), outgoing];
        var type = given.Where(static t => t is not null).Select(static t => t!.DType).Aggregate(DTypes.Promote).ToFloating();
        var none = Zeros([batch, channels, neurons, 0], type, one.Device);
        Tensor[] x = [given[0]?.To(type) ?? none, given[1]?.To(type) ?? none, given[2]?.To(type) ?? none.SwapAxes(-2, -1)];
        var tokens = x[0].Shape[3] + x[1].Shape[3] + x[2].Shape[2];
        var composed = weightMap is not null || tokens > NeuronAttention.MostTokens;
        var y = composed ? NeuronAttention.Composed(x, heads, weightMap) : ApplyMany(new NeuronAttention(heads), x);
        return (incoming is null ? null : y[0], bias is null ? null : y[1].Squeeze(-1), outgoing is null ? null : y[2]);
    }
}
