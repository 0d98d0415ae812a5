namespace Noether.Models.WeightSpaces;

/// <summary>A block of a transformer on the weights of networks: attention, then a map of each entry, each behind a norm and beside a residual connection.</summary>
/// <remarks>
/// x ← x + attn(ln1(x)), x ← x + ff(ln2(x)), ff of two <see cref="Pointwise"/> maps with GELU between them, <c>ff.0</c> and <c>ff.2</c>.
/// Source: Zhou et al., Neural functional transformers (2023), section 3.3.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Channels">Channels of an entry, a multiple of the heads.</param>
/// <param name="Heads">Of the attention.</param>
public sealed record NftBlock(WeightSpec Spec, int Channels, int Heads) : WeightLayer(Spec, Channels, Channels)
{
    /// <summary>Channels between the two maps, as a multiple of those of an entry.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>Whether one projection serves all tensors in the attention; convolutions need one each.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>The probability of dropping weights of the attention and entries of both branches' results while training.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Nn.IModule Module)> Children =>
    [
        ("ln1", Norm),
        ("attn", Attention),
        ("ln2", Norm),
        ("ff", FeedForward),
    ];

    private SimpleLayerNorm Norm => new(Spec, Channels);

    private NpAttention Attention => new(Spec, Channels, Heads) { Shared = Shared, Dropout = Dropout };

    private WeightSequential FeedForward => new(
        new Pointwise(Spec, Channels, Expansion * Channels), WeightActivation.Gelu, new Pointwise(Spec, Expansion * Channels, Channels), new WeightDropout(Dropout));

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters.</exception>
    public override WeightFeatures Apply(Nn.Parameters parameters, WeightFeatures x, Nn.Context context)
    {
        var attended = Call("attn", Attention, parameters, Call("ln1", Norm, parameters, x, context), context);
        x += Call("drop", new WeightDropout(Dropout), parameters, attended, context);
        return x + Call("ff", FeedForward, parameters, Call("ln2", Norm, parameters, x, context), context);
    }
}
