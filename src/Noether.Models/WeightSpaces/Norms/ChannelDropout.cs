using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Dropout of whole channels of weights, a filter's positions being channels, and of single entries of biases.</summary>
/// <remarks>Source: Zhou et al., Permutation equivariant neural functionals (2023), authors' code.</remarks>
/// <param name="Probability">Of zero, in [0, 1].</param>
public sealed record ChannelDropout(double Probability = 0.5) : WeightModule
{
    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        var dropout = new Dropout(Probability);
        return x.Map(
            (i, w) => w * dropout.Apply(Parameters.Empty, Tensor.Ones([x.Batch, w.Shape[1], 1, 1], w.DType, w.Device), context.Under($"W{i}")),
            (i, b) => dropout.Apply(Parameters.Empty, b, context.Under($"b{i}")));
    }
}
