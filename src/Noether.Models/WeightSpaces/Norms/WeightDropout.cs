using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Dropout of single entries.</summary>
/// <param name="Probability">Of zero, in [0, 1].</param>
public sealed record WeightDropout(double Probability = 0.5) : WeightModule
{
    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        var dropout = new Dropout(Probability);
        return x.Map(
            (i, w) => dropout.Apply(Parameters.Empty, w, context.Under($"W{i}")),
            (i, b) => dropout.Apply(Parameters.Empty, b, context.Under($"b{i}")));
    }
}
