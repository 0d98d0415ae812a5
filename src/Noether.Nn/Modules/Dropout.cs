namespace Noether.Nn;

/// <summary>While training, zeroes each element with a probability and scales the others so that the mean stays; else does nothing.</summary>
/// <param name="Probability">Of zero, in [0, 1].</param>
public sealed record Dropout(double Probability = 0.5) : Module
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Empty;

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (Probability is < 0 or > 1) throw new ArgumentOutOfRangeException(nameof(Probability), Probability, "Dropout: the probability must lie in [0, 1]");
        if (!context.IsTraining || Probability == 0) return x;
        if (Probability == 1) return x * 0;
        return Tensor.Select(context.Key.Bernoulli(x.Shape, 1 - Probability), x * (1 / (1 - Probability)), 0);
    }
}
