using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Multiplies each tensor by a learned number.</summary>
/// <remarks><c>weight_scales.i</c> and <c>bias_scales.i</c>, scalars.</remarks>
/// <param name="Spec">The networks' sizes; only the number of layers matters.</param>
/// <param name="Start">What the numbers begin as.</param>
public sealed record LearnedScale(WeightSpec Spec, double Start = 0.01) : WeightModule
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(((string[])["weight_scales", "bias_scales"]).SelectMany(name =>
            Enumerable.Range(0, Spec.Layers).Select(i => KeyValuePair.Create($"{name}.{i}", Tensor.Full([], Start, type, key.Words.Device)))));
    }

    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context) =>
        x.Map((i, w) => w * parameters[$"weight_scales.{i}"], (i, b) => b * parameters[$"bias_scales.{i}"]);
}
