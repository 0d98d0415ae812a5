using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>An array for each network, from its weights: Fourier features, positions, <see cref="NftBlock"/>s, latents; [batch, latents, features].</summary>
/// <remarks>
/// Parts are named by number: <c>0</c> <see cref="GaussianFourier"/>, <c>1</c> <see cref="LearnedPositions"/>, then the blocks, last
/// <see cref="PerceiverPool"/>. The array is the same for every order of hidden neurons. Source: Zhou et al., Neural functional transformers (2023), section 4.
/// </remarks>
/// <param name="Spec">The networks' sizes; dense layers. Hidden widths do not matter.</param>
/// <param name="Channels">Features of an entry; even, and a multiple of the heads.</param>
/// <param name="Heads">Of each block.</param>
/// <param name="Blocks">How many.</param>
/// <param name="Latents">Vectors in an array.</param>
/// <param name="LatentFeatures">Their size.</param>
public sealed record Inr2ArrayEncoder(WeightSpec Spec, int Channels = 256, int Heads = 4, int Blocks = 6, int Latents = 16, int LatentFeatures = 256) : WeightModule<Tensor>
{
    /// <summary>The standard deviation of the Fourier features' frequencies.</summary>
    public double FourierScale { get; init; } = 3;

    /// <summary>Decides the frequencies.</summary>
    public long Seed { get; init; }

    /// <summary>Hidden channels of the blocks, as a multiple of the channels.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>Whether one projection serves all tensors in each attention.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>The probability of dropout in blocks and latents while training.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children =>
    [
        .. ((IModule[])
        [
            new GaussianFourier(Spec, 1, Channels / 2) { Scale = FourierScale, Seed = Seed },
            new LearnedPositions(Spec, Channels),
            .. Enumerable.Repeat(new NftBlock(Spec, Channels, Heads) { Expansion = Expansion, Shared = Shared, Dropout = Dropout }, Blocks),
            new PerceiverPool(Spec, Channels, Latents, LatentFeatures) { Dropout = Dropout },
        ]).Select(static (module, i) => ($"{i}", module)),
    ];

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is more than one channel, or other numbers of input or output neurons.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        var parts = Children;
        foreach (var (name, module) in parts.SkipLast(1)) x = ((WeightModule)module).Apply(parameters.Under(name), x, context.Under(name));
        var (last, pool) = parts[^1];
        return ((PerceiverPool)pool).Apply(parameters.Under(last), x, context.Under(last));
    }
}
