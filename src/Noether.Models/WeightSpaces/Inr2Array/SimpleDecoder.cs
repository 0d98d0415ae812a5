using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A network's weights from a latent by one perceptron: [… , inputs] to [… , parameters].</summary>
/// <remarks><c>hnet</c>: layers of ReLU at 0, 2 …, the last one linear; outputs in the order W_0, b_0, W_1 …</remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Inputs">The size of a latent.</param>
/// <param name="Hidden">Units of a hidden layer.</param>
public sealed record SimpleDecoder(WeightSpec Spec, int Inputs, int Hidden = 256) : CompositeModule
{
    /// <summary>Hidden layers; one at least.</summary>
    public int HiddenLayers { get; init; } = 2;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children => [("hnet", Perceptron)];

    private Sequential Perceptron => new(
    [
        .. Enumerable.Range(0, HiddenLayers).SelectMany(i => (Module[])[new Linear(i == 0 ? Inputs : Hidden, Hidden), Activation.Relu]),
        new Linear(Hidden, Spec.Parameters),
    ]);

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => Call("hnet", Perceptron, parameters, x, context);
}
