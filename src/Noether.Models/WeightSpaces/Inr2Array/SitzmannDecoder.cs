using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A network's weights from a latent, each tensor by a perceptron of its own: [… , inputs] to [… , parameters].</summary>
/// <remarks>
/// <c>hnets.t</c> for the tensors W_0, b_0, W_1 …, in whose order the outputs lie; layers of ReLU at 0, 2 …, the last one linear. That begins with normal
/// weights of a hundredth of He's deviation, and a bias within 1/n_i for weights W_i and within 1/hidden for biases, so that the first weights do not
/// depend on the latent much. Source: Sitzmann et al., Implicit neural representations with periodic activation functions (2020), supplement.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Inputs">The size of a latent.</param>
/// <param name="Hidden">Units of the perceptrons' hidden layers.</param>
public sealed record SitzmannDecoder(WeightSpec Spec, int Inputs, int Hidden = 256) : CompositeModule
{
    /// <summary>Hidden layers after the first one.</summary>
    public int HiddenLayers { get; init; } = 1;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children =>
    [
        .. Enumerable.Range(0, Spec.Layers)
            .SelectMany(i => ((int Size, int FanIn)[])[(Spec.WeightSize(i), Spec.Widths[i]), (Spec.Widths[i + 1], Hidden)])
            .Select((target, t) => ($"hnets.{t}", (Module)ToTensor(target.Size, target.FanIn))),
    ];

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) =>
        Tensor.Concatenate(-1, [.. Children.Select(child => Call(child.Name, child.Module, parameters, x, context))]);

    private Sequential ToTensor(int size, int fanIn) => new(
    [
        new Linear(Inputs, Hidden), Activation.Relu,
        .. Enumerable.Range(0, HiddenLayers).SelectMany(_ => (Module[])[new Linear(Hidden, Hidden), Activation.Relu]),
        new Linear(Hidden, size)
        {
            WeightInitializer = Initializer.Normal(0, Math.Sqrt(2.0 / Hidden) / 100),
            BiasInitializer = Initializer.Uniform(-1.0 / fanIn, 1.0 / fanIn),
        },
    ]);
}
