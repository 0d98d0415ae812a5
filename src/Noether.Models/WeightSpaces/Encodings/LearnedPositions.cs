using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Adds learned vectors that say which tensor an entry belongs to, and which input or output neuron.</summary>
/// <remarks>
/// Row i of <c>weight_emb.weight</c> [L, channels] to W_i, of <c>bias_emb.weight</c> to b_i; row k of <c>inp_emb.weight</c> [n_0, channels] to column k of
/// W_0, row j of <c>out_emb.weight</c> [n_L, channels] to row j of W_{L-1} and to b_{L-1}[j]. Normal at the start. Permutations of hidden neurons remain
/// symmetries. Source: Zhou et al., Neural functional transformers (2023), section 3.
/// </remarks>
/// <param name="Spec">The networks' sizes; hidden widths do not matter.</param>
/// <param name="Inputs">Channels of an entry.</param>
public sealed record LearnedPositions(WeightSpec Spec, int Inputs) : WeightLayer(Spec, Inputs, Inputs)
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var keys = key.Split(4);
        return Parameters.Of(
            ("weight_emb.weight", keys[0].Normal([Spec.Layers, Inputs], type: type)),
            ("bias_emb.weight", keys[1].Normal([Spec.Layers, Inputs], type: type)),
            ("inp_emb.weight", keys[2].Normal([Spec.Widths[0], Inputs], type: type)),
            ("out_emb.weight", keys[3].Normal([Spec.Widths[^1], Inputs], type: type)));
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters, or other numbers of input or output neurons.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: true);
        var last = Spec.Layers - 1;
        return x.Map(
            (i, w) =>
            {
                var code = Code("weight_emb", i).Unsqueeze(-1);
                if (i == 0) code += Codes("inp_emb").Unsqueeze(1);
                if (i == last) code += Codes("out_emb").Unsqueeze(-1);
                var filter = Spec.FilterSize(i);
                return filter == 1
                    ? w + code
                    : (w.Reshape(x.Batch, Inputs, filter, w.Shape[2], w.Shape[3]) + code.Unsqueeze(1)).Reshape(w.Shape);
            },
            (i, b) => b + (i == last ? Code("bias_emb", i) + Codes("out_emb") : Code("bias_emb", i)));

        // [channels, neurons], [channels, 1]
        Tensor Codes(string name) => parameters[$"{name}.weight"].Transpose();
        Tensor Code(string name, int i) => Codes(name).Narrow(1, i, 1);
    }
}
