using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Appends channels that say which layer an entry belongs to, and which input or output neuron: what <see cref="NpLinear"/> cannot tell.</summary>
/// <remarks>
/// The code of a place u in [-1, 1] is [sin π·s·u, cos π·s·u, u] for s from 1 to half the greatest frequency: 2·bands + 1 channels. Layers, input neurons
/// and output neurons lie evenly in [-1, 1]. All tensors get their layer's code; columns of W_0 add their input neuron's, rows of W_{L-1} and b_{L-1}
/// their output neuron's. Permutations of hidden neurons remain symmetries. Source: Zhou et al., Permutation equivariant neural functionals (2023), appendix.
/// </remarks>
/// <param name="Spec">The networks' sizes; hidden widths do not matter.</param>
/// <param name="Inputs">Channels of an entry.</param>
/// <param name="Bands">How many s there are.</param>
public sealed record IoSinusoidal(WeightSpec Spec, int Inputs, int Bands) : WeightLayer(Spec, Inputs, Inputs + 2 * Bands + 1)
{
    /// <summary>How many s there are.</summary>
    public int Bands { get; } = Bands;

    /// <summary>Twice the greatest s.</summary>
    public double MaxFrequency { get; init; } = 10;

    /// <summary>Whether layers have codes; else zeros.</summary>
    public bool EncodesLayers { get; init; } = true;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters, or other numbers of input or output neurons.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: true);
        var last = Spec.Layers - 1;
        var width = Outputs - Inputs;
        var like = x.Biases[0];
        Tensor layers = Codes(Spec.Layers, like), inputs = Codes(Spec.Widths[0], like), outputs = Codes(Spec.Widths[^1], like);
        return x.Map(
            (i, w) =>
            {
                var code = OfLayer(i).Unsqueeze(-1);
                if (i == 0) code += inputs.Unsqueeze(1);
                if (i == last) code += outputs.Unsqueeze(-1);
                var (rows, columns, filter) = (w.Shape[2], w.Shape[3], Spec.FilterSize(i));
                var spread = code.Unsqueeze(1).BroadcastTo([x.Batch, width, filter, rows, columns]).Reshape(x.Batch, width * filter, rows, columns);
                return Tensor.Concatenate(1, w, spread);
            },
            (i, b) => Tensor.Concatenate(1, b, (i == last ? OfLayer(i) + outputs : OfLayer(i)).BroadcastTo([x.Batch, width, b.Shape[2]])));

        // [width, 1]
        Tensor OfLayer(int i) => EncodesLayers ? layers.Narrow(1, i, 1) : layers.Narrow(1, i, 1).ZerosLike();
    }

    // [width, count]
    private Tensor Codes(int count, Tensor like)
    {
        var places = Tensor.Linspace(-1, 1, count, like.DType, like.Device);
        var angles = Tensor.Linspace(1, MaxFrequency / 2, Bands, like.DType, like.Device).Unsqueeze(1) * (places * Math.PI);
        return Tensor.Concatenate(0, angles.Sin(), angles.Cos(), places.Unsqueeze(0));
    }
}
