using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>The linear layer that is equivariant to permutations of all neurons, those of the input and of the output too (NP).</summary>
/// <remarks>
/// Every entry of the result depends on the same entry of its tensor, on the means of its row and column, on its neighbours that share a neuron with it
/// (bias, row means of the layer before, column means of the layer after), and on the means of all tensors: these are all equivariant linear maps.
/// Parameters <c>layer_i</c>, <c>layer_i_rc</c>, <c>layer_i_r</c>, <c>layer_i_c</c>, <c>bias_i</c> and <c>bias_i_rc</c>, each with <c>weight</c>
/// [outputs, inputs] and <c>bias</c>; none depends on the number of neurons, so that networks of other widths may be fed.
/// Source: Zhou et al., Permutation equivariant neural functionals (2023), equation 7.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Inputs">Channels of an entry that come in.</param>
/// <param name="Outputs">Channels of an entry that go out.</param>
public sealed record NpLinear(WeightSpec Spec, int Inputs, int Outputs) : WeightLayer(Spec, Inputs, Outputs)
{
    /// <summary>
    /// Whether learned vectors, normal at the start, are added to what comes in: <c>in_embed</c> to the columns of W_0, <c>out_embed</c> and
    /// <c>out_bias_embed</c> to the rows of W_{L-1} and to b_{L-1}. They tell input and output neurons apart: those may then no longer be permuted.
    /// </summary>
    public bool InputOutputEmbeddings { get; init; }

    /// <summary>Begins with normal weights of variance 2/inputs and biases of zero (He), instead of uniform ones within 1/√inputs.</summary>
    public bool HeNormal { get; init; }

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var (first, second) = key.Split();
        var all = Inputs * NeuronSummary.AllSize(Spec);
        var maps = LinearMap.Init([.. Enumerable.Range(0, Spec.Layers).SelectMany(i => NeuronSummary.Maps(
            i, Outputs * Spec.FilterSize(i), Outputs, Inputs * Spec.FilterSize(i), Inputs * NeuronSummary.ColumnSize(Spec, i), Inputs * NeuronSummary.RowSize(Spec, i), all))],
            first, type, HeNormal);
        if (!InputOutputEmbeddings) return maps;
        var keys = second.Split(3);
        var last = Spec.Layers - 1;
        return Parameters.Of(
            ("in_embed", keys[0].Normal([1, Inputs * Spec.FilterSize(0), 1, Spec.Widths[0]], type: type)),
            ("out_embed", keys[1].Normal([1, Inputs * Spec.FilterSize(last), Spec.Widths[^1], 1], type: type)),
            ("out_bias_embed", keys[2].Normal([1, Inputs, Spec.Widths[^1]], type: type))).Merge(maps);
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters, or, with embeddings, other numbers of input or output neurons.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: InputOutputEmbeddings);
        if (InputOutputEmbeddings) x = Embed(parameters, x);
        var summary = new NeuronSummary(x);
        var all = NeuronSummary.Join(summary.OfAll());
        var maps = x.Weights.Select((w, i) => NeuronSummary.Apply(
            parameters, i, w, NeuronSummary.Join(summary.OfColumn(i)), NeuronSummary.Join(summary.OfRow(i)), all)).ToArray();
        return new(x.Spec, [.. maps.Select(static y => y.Weight)], [.. maps.Select(static y => y.Bias)]);
    }

    private WeightFeatures Embed(Parameters parameters, WeightFeatures x)
    {
        var last = Spec.Layers - 1;
        return x.Map(
            (i, w) =>
            {
                if (i == 0) w += parameters["in_embed"];
                return i == last ? w + parameters["out_embed"] : w;
            },
            (i, b) => i == last ? b + parameters["out_bias_embed"] : b);
    }
}
