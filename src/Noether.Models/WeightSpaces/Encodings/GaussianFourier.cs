using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Random sinusoids of each entry: [sin 2π·Qᵀx, cos 2π·Qᵀx], Q being normal numbers that are not trained.</summary>
/// <remarks>Q [inputs, frequencies] is state, <c>_B</c>, and so saved with the model. Source: Tancik et al., Fourier features (2020), section 5.</remarks>
/// <param name="Spec">The networks' sizes; widths do not matter.</param>
/// <param name="Inputs">Channels of an entry.</param>
/// <param name="Frequencies">How many columns Q has; two channels go out for each.</param>
public sealed record GaussianFourier(WeightSpec Spec, int Inputs, int Frequencies) : WeightLayer(Spec, Inputs, 2 * Frequencies)
{
    /// <summary>How many columns Q has.</summary>
    public int Frequencies { get; } = Frequencies;

    /// <summary>The standard deviation of Q.</summary>
    public double Scale { get; init; } = 10;

    /// <summary>Decides Q.</summary>
    public long Seed { get; init; }

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) =>
        Parameters.Of(("_B", RandomKey.From(Seed, device).Normal([Inputs, Frequencies], 0, Scale, type)));

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: false);
        var q = context["_B"].Transpose() * (2 * Math.PI);
        return x.Map(t =>
        {
            // A filter's positions are entries of their own here.
            var positions = t.Shape[1] / Inputs;
            var angles = q.MatMul(t.Reshape(x.Batch, Inputs, positions * checked((int)t.Shape[2..].Size)));
            return Tensor.Concatenate(1, angles.Sin(), angles.Cos()).Reshape([x.Batch, Outputs * positions, .. t.Shape[2..]]);
        });
    }
}
