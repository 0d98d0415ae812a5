using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Pools networks and maps what remains to numbers: pool, then dense layers with ReLU between. [batch, outputs].</summary>
/// <remarks>Parameters below <c>head</c>. Source: Zhou et al., Permutation equivariant neural functionals (2023), authors' code.</remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Inputs">Channels of an entry.</param>
/// <param name="Outputs">Numbers that go out: classes, or one.</param>
public sealed record MlpHead(WeightSpec Spec, int Inputs, int Outputs = 1) : WeightModule<Tensor>
{
    /// <summary>Width of the two hidden layers.</summary>
    public int Hidden { get; init; } = 1000;

    /// <summary>Dropout after each hidden layer.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether hidden layers are normalised.</summary>
    public bool LayerNorm { get; init; }

    /// <summary>Whether outputs are probabilities; else their logits, as losses want them.</summary>
    public bool Sigmoid { get; init; }

    /// <summary>How networks are pooled; if not said, over hidden neurons.</summary>
    public WeightPool Pool { get => field ?? new HnpPool(Spec); init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => [("head", Layers)];

    private Sequential Layers => Perceptron.Of(Inputs * Pool.Features, [Hidden, Hidden], Outputs, Between, Sigmoid);

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context) =>
        Layers.Apply(parameters.Under("head"), Pool.Apply(Parameters.Empty, x, context), context.Under("head"));

    private IEnumerable<Module> Between(int width) =>
        [.. LayerNorm ? [new LayerNorm(width)] : Array.Empty<Module>(), Activation.Relu, .. Dropout > 0 ? [new Dropout(Dropout)] : Array.Empty<Module>()];
}
