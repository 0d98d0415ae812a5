using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>What learned queries gather from all weights and biases: [batch, latents, channels], the same for every order of neurons.</summary>
/// <remarks>
/// softmax(E·Xᵀ/√channels)·X with <c>embeddings</c> E [latents, channels], normal at the start, and all entries X. Dense layers only.
/// Source: Zhou et al., Neural functional transformers (2023), section 3.4.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Channels">Channels of an entry.</param>
/// <param name="Latents">How many queries.</param>
public sealed record CrossAttentionEncoder(WeightSpec Spec, int Channels, int Latents) : WeightModule<Tensor>
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Of(("embeddings", key.Normal([Latents, Channels], type: type)));

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels, or convolutions.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Fit.Check(nameof(CrossAttentionEncoder), Spec, Channels, x, ends: false);
        var entries = x.Flatten();
        return Tensor.ScaledDotProductAttention(parameters["embeddings"], entries, entries);
    }
}
