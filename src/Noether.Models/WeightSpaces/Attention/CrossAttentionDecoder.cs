using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Features of every weight and bias, each of which gathers from latents by a learned query: [batch, latents, channels] to features.</summary>
/// <remarks>
/// softmax(E·Zᵀ/√channels)·Z with <c>embeddings</c> E [parameters, channels], normal at the start, in the order of <see cref="WeightFeatures.Flatten"/>.
/// Dense layers only. Source: Zhou et al., Neural functional transformers (2023), section 3.4.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Channels">Channels of an entry and of a latent.</param>
public sealed record CrossAttentionDecoder(WeightSpec Spec, int Channels) : IModule
{
    /// <inheritdoc/>
    public Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Of(("embeddings", key.Normal([Spec.Parameters, Channels], type: type)));

    /// <inheritdoc/>
    public Parameters InitState(DType type = DType.Float32, Device? device = null) => Parameters.Empty;

    /// <summary>The features.</summary>
    /// <param name="parameters">From <see cref="Init"/>.</param>
    /// <param name="latents">[batch, latents, channels].</param>
    /// <exception cref="ShapeException">The latents do not fit, or a layer is a convolution.</exception>
    public WeightFeatures Apply(Parameters parameters, Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (latents.Rank != 3 || latents.Shape[2] != Channels)
            throw new ShapeException($"CrossAttentionDecoder: {latents.Shape} is not [batch, latents, {Channels}]");
        return WeightFeatures.Unflatten(Spec, Tensor.ScaledDotProductAttention(parameters["embeddings"], latents, latents));
    }
}
