namespace Noether.Nn;

/// <summary>Normalises over the last axes and scales each element: (x - E x) / √(Var x + ε)·weight + bias.</summary>
/// <param name="Normalized">The sizes of the last axes.</param>
/// <remarks>Source: Ba, Kiros, Hinton (2016); defaults and names as torch.nn.LayerNorm.</remarks>
public sealed record LayerNorm(Shape Normalized) : Module
{
    /// <summary>Over the last axis.</summary>
    public LayerNorm(int size)
        : this(Shape.Create([size]))
    {
    }

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether there are weight and bias.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Affine
        ? Parameters.Of(("weight", Tensor.Ones(Normalized, type, key.Words.Device)), ("bias", Tensor.Zeros(Normalized, type, key.Words.Device)))
        : Parameters.Empty;

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (x.Rank < Normalized.Rank || !x.Shape[^Normalized.Rank..].Equals(Normalized)) throw new ShapeException($"LayerNorm: {x.Shape} does not end with {Normalized}");
        return Affine ? x.LayerNorm(Normalized.Rank, parameters["weight"], parameters["bias"], Epsilon) : x.LayerNorm(Normalized.Rank, epsilon: Epsilon);
    }
}
