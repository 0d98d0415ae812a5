namespace Noether.Nn;

/// <summary>A function without parameters as a module: an activation, a change of shape.</summary>
/// <param name="Name">For printing.</param>
/// <param name="Function">A pure function.</param>
public sealed record Activation(string Name, Func<Tensor, Tensor> Function) : Module
{
    /// <summary>max(x, 0).</summary>
    public static Activation Relu { get; } = new("Relu", static x => x.Relu());

    /// <summary>x where positive, 0.01·x elsewhere.</summary>
    public static Activation LeakyRelu { get; } = new("LeakyRelu", static x => x.LeakyRelu());

    /// <summary>x where positive, eˣ - 1 elsewhere.</summary>
    public static Activation Elu { get; } = new("Elu", static x => x.Elu());

    /// <summary>x·Φ(x), exactly.</summary>
    public static Activation Gelu { get; } = new("Gelu", static x => x.Gelu());

    /// <summary>x·σ(x).</summary>
    public static Activation Silu { get; } = new("Silu", static x => x.Silu());

    /// <summary>tanh x.</summary>
    public static Activation Tanh { get; } = new("Tanh", static x => x.Tanh());

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Activation Sigmoid { get; } = new("Sigmoid", static x => x.Sigmoid());

    /// <summary>log(1 + eˣ).</summary>
    public static Activation Softplus { get; } = new("Softplus", static x => x.Softplus());

    /// <summary>sin x, for implicit neural representations.</summary>
    public static Activation Sine { get; } = new("Sine", static x => x.Sin());

    /// <summary>Joins all axes after the first: [batch, …] becomes [batch, features].</summary>
    public static Activation Flatten { get; } = new("Flatten", static x =>
        x.Rank >= 1 ? x.Reshape([x.Shape[0], checked((int)x.Shape[1..].Size)]) : throw new ShapeException($"Flatten: {x.Shape} has no batch axis"));

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Empty;

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => Function(x);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
