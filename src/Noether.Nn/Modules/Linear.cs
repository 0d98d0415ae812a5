namespace Noether.Nn;

/// <summary>y = x·Wᵀ + b over the last axis: [… , inputs] to [… , outputs].</summary>
/// <param name="Inputs">The size of the last axis.</param>
/// <param name="Outputs">Its size after.</param>
/// <param name="Bias">Whether there is a b.</param>
/// <remarks><c>weight</c> [outputs, inputs], <c>bias</c> [outputs]; both begin as PyTorch's, uniform within 1/√inputs.</remarks>
public sealed record Linear(int Inputs, int Outputs, bool Bias = true) : Module
{
    /// <summary>How the weight begins.</summary>
    public Initializer WeightInitializer { get; init; } = Initializer.FanIn;

    /// <summary>How the bias begins; null: uniform within 1/√inputs.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) =>
        WeightAndBias.Init(key, type, WeightInitializer, [Outputs, Inputs], Bias ? BiasInitializer ?? Initializer.FanInUniform(Inputs) : null, Outputs);

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (x.Rank == 0 || x.Shape[^1] != Inputs) throw new ShapeException($"Linear: {x.Shape} does not end with {Inputs} inputs");
        var y = x.MatMul(parameters["weight"].SwapAxes(-1, -2));
        return Bias ? y + parameters["bias"] : y;
    }
}
