using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A map of the channels of each entry by itself, of its own for each weight tensor and each bias; a filter's positions are mixed.</summary>
/// <remarks><c>weight_maps.i</c> and <c>bias_maps.i</c>, each with <c>weight</c> [outputs, inputs] and <c>bias</c>, uniform within 1/√inputs at the start.</remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Inputs">Channels of an entry that come in.</param>
/// <param name="Outputs">Channels of an entry that go out.</param>
public sealed record Pointwise(WeightSpec Spec, int Inputs, int Outputs) : WeightLayer(Spec, Inputs, Outputs)
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => LinearMap.Init(
        [
            .. Enumerable.Range(0, Spec.Layers).Select(i => (LinearMap[])[new($"weight_maps.{i}", Outputs * Spec.FilterSize(i), Inputs * Spec.FilterSize(i))]),
            .. Enumerable.Range(0, Spec.Layers).Select(i => (LinearMap[])[new($"bias_maps.{i}", Outputs, Inputs)]),
        ],
        key, type);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: false);
        return x.Map(
            (i, w) => LinearMap.Apply(parameters, $"weight_maps.{i}", w.Reshape(x.Batch, w.Shape[1], w.Shape[2] * w.Shape[3])).Reshape(x.Batch, Outputs * Spec.FilterSize(i), w.Shape[2], w.Shape[3]),
            (i, b) => LinearMap.Apply(parameters, $"bias_maps.{i}", b));
    }
}
