using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Normalises each entry over its channels: (x - μ)/(σ + ε)·γ + β.</summary>
/// <remarks>
/// σ is the unbiased deviation, and ε stands outside of the root, as in the authors' code; where σ is zero its derivative is taken as zero. A filter's
/// positions count as channels. <c>w_norms.i.gamma</c>, <c>w_norms.i.beta</c> [channels · filter], <c>v_norms.i.gamma</c>, <c>v_norms.i.beta</c> [channels].
/// Source: Zhou et al., Neural functional transformers (2023).
/// </remarks>
/// <param name="Spec">The networks' sizes; widths do not matter.</param>
/// <param name="Inputs">Channels of an entry; two at least, for one has no deviation.</param>
/// <exception cref="ArgumentOutOfRangeException">There are fewer than two channels.</exception>
public sealed record SimpleLayerNorm(WeightSpec Spec, int Inputs) : WeightLayer(Spec, AtLeastTwo(Inputs), Inputs)
{
    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new([
            .. Enumerable.Range(0, Spec.Layers).SelectMany(i => Affine($"w_norms.{i}", Inputs * Spec.FilterSize(i))),
            .. Enumerable.Range(0, Spec.Layers).SelectMany(i => Affine($"v_norms.{i}", Inputs)),
        ]);

        KeyValuePair<string, Tensor>[] Affine(string name, int size) =>
            [new($"{name}.gamma", Tensor.Ones([size], type, key.Words.Device)), new($"{name}.beta", Tensor.Zeros([size], type, key.Words.Device))];
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: false);
        return x.Map((i, w) => Normalize(w, $"w_norms.{i}"), (i, b) => Normalize(b, $"v_norms.{i}"));

        Tensor Normalize(Tensor t, string name)
        {
            Shape channels = [t.Shape[1], .. Enumerable.Repeat(1, t.Rank - 2)];
            Tensor gamma = parameters[$"{name}.gamma"].Reshape(channels), beta = parameters[$"{name}.beta"].Reshape(channels);
            return (t - t.Mean(1, keepAxis: true)) / (t.Std(1, keepAxis: true) + Epsilon) * gamma + beta;
        }
    }

    private static int AtLeastTwo(int inputs) => inputs > 1
        ? inputs
        : throw new ArgumentOutOfRangeException(nameof(inputs), inputs, "SimpleLayerNorm: deviations over channels need two at least");
}
