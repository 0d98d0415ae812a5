using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Means over hidden neurons: invariant to their permutations, and distinguishing those of the input and of the output.</summary>
/// <remarks>
/// Features W_0, b_0, W_1, …: of W_0 a mean for each input neuron and position of the filter, of W_{L-1} one for each output neuron and position,
/// b_{L-1} as it is, of the others those of <see cref="NpPool"/>. Source: Zhou et al., Permutation equivariant neural functionals (2023), section 2.
/// </remarks>
/// <param name="Spec">The networks' sizes; two layers at least. Hidden widths do not matter.</param>
/// <exception cref="ArgumentException">There are no hidden neurons.</exception>
public sealed record HnpPool(WeightSpec Spec) : WeightPool(Fit.Hidden(nameof(HnpPool), Spec))
{
    /// <inheritdoc/>
    public override int Features
    {
        get
        {
            int last = Spec.Layers - 1, first = Spec.FilterSize(0), final = Spec.FilterSize(last);
            return Spec.FilterSizes + Spec.Layers + first * (Spec.Widths[0] - 1) + (final + 1) * (Spec.Widths[^1] - 1);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The filters, or the numbers of input or output neurons, differ.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Fit.Check(nameof(HnpPool), Spec, x, ends: true);
        var last = Spec.Layers - 1;
        return Join(x, Enumerable.Range(0, Spec.Layers).SelectMany(i => (Tensor[])
        [
            i == 0 ? ByNeuron(x.Weights[0].Mean(2), 0) : i == last ? ByNeuron(x.Weights[last].Mean(3), last) : x.Weights[i].Mean([2, 3]),
            i == last ? x.Biases[last] : x.Biases[i].Mean(-1),
        ]));

        // [batch, channel · filter, neurons] in the order channel, neuron, filter
        Tensor ByNeuron(Tensor means, int layer) =>
            means.Reshape(x.Batch, x.Channels, Spec.FilterSize(layer), means.Shape[2]).SwapAxes(2, 3).Reshape(x.Batch, means.Shape[1], means.Shape[2]);
    }
}
