using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>
/// A conditional variational autoencoder of masks: given a network's initial weights it draws which of them to keep, so that the sparse network trains well.
/// </summary>
/// <remarks>
/// The encoder sees initial weights and a good mask and gives a normal distribution of a latent vector; the decoder sees initial weights and a latent
/// vector, as channels of every entry, and gives the logit of each weight's being kept. Both are equivariant to permutations of hidden neurons, so that
/// the distribution of masks is. Applied while training to [batch, 2, parameters], weights and masks, it gives the negative evidence bound of each:
/// <c>Σ cross-entropy + β·KL</c> over the number of weights, [batch].
/// Parameters <c>encoder</c>, <c>decoder</c>; initial weights are scaled by their tensor's deviation first, which is state.
/// Source: Zhou et al., Permutation equivariant neural functionals (2023), section 3.2; the form of the latent is our own.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Channels">Of the equivariant layers.</param>
/// <param name="Latents">Numbers in a latent vector.</param>
public sealed record MaskAutoencoder(WeightSpec Spec, int Channels = 32, int Latents = 8) : Module
{
    private const int Codes = 4; // bands of sines for the places of input and output neurons

    /// <summary>Scales what comes in: from <see cref="WeightNormalization.Of"/> over initial weights.</summary>
    public required WeightNormalization Normalization { get; init; }

    /// <summary>β: the weight of the divergence from the prior.</summary>
    public double DivergenceWeight { get; init; } = 1;

    /// <summary>The equivariant layer for channels that come in and go out.</summary>
    public Func<int, int, WeightLayer> Layer { get; init; } = (inputs, outputs) => new NpLinear(Spec, inputs, outputs);

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parts.Init(Children, key, type);

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Parts.InitState(Children, type, device);

    private IReadOnlyList<(string Name, IModule Module)> Children => [("encoder", Encoder), ("decoder", Decoder), ("normalization", Normalization)];

    private InvariantNfn Encoder => new(Spec, [Channels, Channels])
    {
        Inputs = 2,
        Encodings = [new IoSinusoidal(Spec, 2, Codes)],
        Layer = Layer,
        Head = channels => new MlpHead(Spec, channels, 2 * Latents) { Hidden = 4 * Channels, Pool = new NpPool(Spec) },
    };

    private WeightSequential Decoder
    {
        get
        {
            var codes = new IoSinusoidal(Spec, 1 + Latents, Codes);
            return new(codes, Layer(codes.Outputs, Channels), WeightActivation.Relu, Layer(Channels, Channels), WeightActivation.Relu, Layer(Channels, 1));
        }
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (x.Rank != 3 || x.Shape[1] != 2 || x.Shape[2] != Spec.Parameters)
            throw new ShapeException($"MaskAutoencoder: {x.Shape} is not [batch, 2, {Spec.Parameters}], initial weights and masks of {Spec}");
        var (initial, mask) = (Scaled(x.Narrow(1, 0, 1).Squeeze(1), context), WeightFeatures.FromVectors(Spec, x.Narrow(1, 1, 1).Squeeze(1)));
        var moments = Encoder.Apply(parameters.Under("encoder"), initial.Beside(mask), context.Under("encoder"));
        var (mean, logVariance) = (moments.Narrow(1, 0, Latents), moments.Narrow(1, Latents, Latents));
        var latent = context.IsTraining ? mean + (logVariance / 2).Exp() * context.Key.Normal(mean.Shape, type: mean.DType) : mean;
        var logits = Logits(parameters, initial, latent, context);

        var count = Enumerable.Range(0, Spec.Layers).Sum(Spec.WeightSize);
        var missed = logits.Weights.Zip(mask.Weights, static (y, t) => Loss.BinaryCrossEntropy(y, t, reduction: Reduction.None).Sum([1, 2, 3])).Aggregate(static (a, b) => a + b);
        var divergence = (mean.Square() + logVariance.Exp() - 1 - logVariance).Sum(1) / 2;
        return (missed + DivergenceWeight * divergence) / count;
    }

    /// <summary>Masks for networks: of each the most likely weights for a latent vector drawn from the prior.</summary>
    /// <param name="parameters">From training.</param>
    /// <param name="state">The model's.</param>
    /// <param name="initial">Initial weights [batch, parameters].</param>
    /// <param name="density">The part of the weights to keep.</param>
    /// <param name="key">Decides the latent vectors.</param>
    /// <returns>[batch, parameters], 1 where a number is kept; biases are.</returns>
    public Tensor Draw(Parameters parameters, Parameters state, Tensor initial, double density, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var context = Context.ForInference(state);
        var logits = Logits(parameters, Scaled(initial, context), key.Normal([initial.Shape[0], Latents], type: initial.DType), context);
        return LotteryTicket.KeepLargest(logits, density);
    }

    private WeightFeatures Scaled(Tensor initial, Context context) =>
        Normalization.Apply(Parameters.Empty, WeightFeatures.FromVectors(Spec, initial), context.Under("normalization"));

    private WeightFeatures Logits(Parameters parameters, WeightFeatures initial, Tensor latent, Context context) =>
        Decoder.Apply(parameters.Under("decoder"), initial.Beside(latent), context.Under("decoder"));
}
