using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A neural functional transformer: numbers from networks that do not change when hidden neurons are permuted. [batch, outputs].</summary>
/// <remarks>
/// Encodings, a map of each entry to the channels of the blocks, <see cref="NftBlock"/>s, a head that pools. Parameters below <c>blocks</c> and
/// <c>head</c>. Source: Zhou et al., Neural functional transformers (2023), section 3.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Channels">Features of an entry in the blocks; a multiple of the heads.</param>
/// <param name="Heads">Of each block.</param>
/// <param name="Blocks">How many.</param>
public sealed record InvariantNft(WeightSpec Spec, int Channels, int Heads = 4, int Blocks = 2) : WeightModule<Tensor>
{
    /// <summary>What is done to the weights first; null: nothing.</summary>
    public WeightNormalization? Normalization { get; init; }

    /// <summary>Maps of the raw weights, of one channel, before the blocks: positions of input and output neurons, Fourier features.</summary>
    public IReadOnlyList<WeightLayer> Encodings { get; init; } = [];

    /// <summary>Hidden channels of the blocks, as a multiple of the channels.</summary>
    public int Expansion { get; init; } = 2;

    /// <summary>Whether one projection serves all tensors in each attention; networks with convolutions need one each.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>The probability of dropout in the blocks while training.</summary>
    public double Dropout { get; init; }

    /// <summary>What maps features to numbers, for their channels.</summary>
    public Func<int, WeightModule<Tensor>> Head { get; init; } = channels => new MlpHead(Spec, channels);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children =>
    [
        .. Normalization is null ? Array.Empty<(string, IModule)>() : [("normalization", Normalization)],
        ("blocks", Stack), ("head", Head(Channels)),
    ];

    private WeightSequential Stack => new(
    [
        .. Encodings, new Pointwise(Spec, Encodings.Count > 0 ? Encodings[^1].Outputs : 1, Channels),
        .. Enumerable.Repeat(new NftBlock(Spec, Channels, Heads) { Expansion = Expansion, Shared = Shared, Dropout = Dropout }, Blocks),
    ]);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The networks have other channels or sizes.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        if (Normalization is not null) x = Normalization.Apply(Parameters.Empty, x, context.Under("normalization"));
        x = Stack.Apply(parameters.Under("blocks"), x, context.Under("blocks"));
        return Head(Channels).Apply(parameters.Under("head"), x, context.Under("head"));
    }
}
