namespace Noether.Nn;

/// <summary>Normalises groups of channels of each example over channels and space: [batch, channels, …].</summary>
/// <param name="Groups">How many groups; 1 is layer normalisation, as many as channels instance normalisation.</param>
/// <param name="Channels">The size of axis 1, a multiple of the groups.</param>
/// <remarks>Source: Wu and He (2018); defaults and names as torch.nn.GroupNorm.</remarks>
public sealed record GroupNorm(int Groups, int Channels) : Module
{
    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether there are weight and bias.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) =>
        Affine ? WeightAndBias.Init(key, type, Initializer.Ones, [Channels], Initializer.Zeros, Channels) : Parameters.Empty;

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (Groups < 1 || Channels % Groups != 0) throw new ShapeException($"GroupNorm: {Groups} groups do not divide {Channels} channels");
        if (x.Rank < 2 || x.Shape[1] != Channels) throw new ShapeException($"GroupNorm: {x.Shape} is not [batch, {Channels}, …]");
        var y = x.Reshape([x.Shape[0], Groups, Channels / Groups, .. x.Shape[2..]]).LayerNorm(x.Rank - 1, epsilon: Epsilon).Reshape(x.Shape);
        var channel = Shape.Create([Channels, .. Enumerable.Repeat(1, x.Rank - 2)]);
        return Affine ? y * parameters["weight"].Reshape(channel) + parameters["bias"].Reshape(channel) : y;
    }
}
