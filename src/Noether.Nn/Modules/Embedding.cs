namespace Noether.Nn;

/// <summary>A vector for each of some indices: integers […] to […, size].</summary>
/// <param name="Count">How many vectors.</param>
/// <param name="Size">Their size.</param>
/// <param name="Padding">An index whose vector begins as zero and is not trained; null: none.</param>
/// <remarks><c>weight</c> [count, size], standard normal at first, as PyTorch's.</remarks>
public sealed record Embedding(int Count, int Size, int? Padding = null) : Module
{
    /// <summary>How the vectors begin.</summary>
    public Initializer WeightInitializer { get; init; } = Initializer.Normal();

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var weight = WeightInitializer.Draw(key, [Count, Size], type);
        if (Padding is { } padding) weight = Tensor.Select(Tensor.Arange(Count, device: weight.Device).Equal(padding).Unsqueeze(1), 0, weight);
        return Parameters.Of(("weight", weight));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        var y = parameters["weight"].Take(x);
        return Padding is { } padding ? Tensor.Select(x.Equal(padding).Unsqueeze(-1), y.StopGradient(), y) : y;
    }
}
