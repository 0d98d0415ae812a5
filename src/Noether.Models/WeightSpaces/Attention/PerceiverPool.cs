using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>An array of latents that learned ones gather from all weights and biases: [batch, latents, features], the same for every order of neurons.</summary>
/// <remarks>
/// Parameters <c>net.1.latents</c> [latents, features], normal at the start; <c>net.1.cross_attns.0</c>, one head as wide as an entry has channels, and
/// <c>net.1.cross_ffs.0</c>; for each self block <c>net.1.self_attns.0.j.0</c>, eight heads of 64, and <c>.1</c>. All with residual connections.
/// Dense layers only. Source: Jaegle et al., Perceiver (2021); Zhou et al., Neural functional transformers (2023), section 4.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Channels">Channels of an entry.</param>
/// <param name="Latents">How many latents.</param>
/// <param name="Features">Their size.</param>
public sealed record PerceiverPool(WeightSpec Spec, int Channels, int Latents, int Features) : WeightModule<Tensor>
{
    private const int SelfHeads = 8;
    private const int SelfHeadFeatures = 64;

    /// <summary>How often the latents then attend to one another.</summary>
    public int SelfBlocks { get; init; }

    /// <summary>Whether the mean of the latents comes out, [batch, features].</summary>
    public bool Reduce { get; init; }

    /// <summary>The probability of dropping weights of attentions and results of feed-forward networks while training.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children =>
    [
        ("net.1.cross_attns.0", new PerceiverAttention(Features, 1, Channels) { MemoryFeatures = Channels, Dropout = Dropout }),
        ("net.1.cross_ffs.0", new GatedFeedForward(Features) { Dropout = Dropout }),
        .. Enumerable.Range(0, SelfBlocks).SelectMany(j => ((string, IModule)[])
        [
            ($"net.1.self_attns.0.{j}.0", new PerceiverAttention(Features, SelfHeads, SelfHeadFeatures) { Dropout = Dropout }),
            ($"net.1.self_attns.0.{j}.1", new GatedFeedForward(Features) { Dropout = Dropout }),
        ]),
    ];

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var (first, second) = key.Split();
        return Parameters.Of(("net.1.latents", first.Normal([Latents, Features], type: type))).Merge(base.Init(second, type));
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels, or convolutions.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Fit.Check(nameof(PerceiverPool), Spec, Channels, x, ends: false);
        var entries = x.Flatten();
        var latents = parameters["net.1.latents"];
        foreach (var (name, module) in Children)
        {
            var (own, place) = (parameters.Under(name), context.Under(name));
            latents += module is PerceiverAttention { MemoryFeatures: not null } gathering
                ? gathering.Apply(own, latents, entries, place)
                : ((Module)module).Apply(own, latents, place);
        }

        return Reduce ? latents.Mean(-2) : latents;
    }
}
