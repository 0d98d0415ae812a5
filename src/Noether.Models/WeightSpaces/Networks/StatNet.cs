using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Dense layers on statistics of the weights: the baseline that knows no structure but the layers. [batch, outputs].</summary>
/// <remarks>Parameters below <c>hypernetwork</c>. Source: Unterthiner et al., Predicting neural network accuracy from weights (2020).</remarks>
/// <param name="Spec">The networks' sizes; raw weights, of one channel, come in.</param>
/// <param name="Outputs">Numbers that go out.</param>
public sealed record StatNet(WeightSpec Spec, int Outputs = 1) : WeightModule<Tensor>
{
    /// <summary>Width of the two hidden layers.</summary>
    public int Hidden { get; init; } = 1000;

    /// <summary>Dropout after each hidden layer.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether outputs are probabilities; else their logits, as losses want them.</summary>
    public bool Sigmoid { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => [("hypernetwork", Layers)];

    private WeightStatistics Statistics => new(Spec);

    private Sequential Layers => Perceptron.Of(Statistics.Features, [Hidden, Hidden], Outputs, _ => [Activation.Relu, new Dropout(Dropout)], Sigmoid);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The networks have more than one channel, or other layers.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Fit.Check(nameof(StatNet), Spec, 1, x, ends: false);
        return Layers.Apply(parameters.Under("hypernetwork"), Statistics.Apply(Parameters.Empty, x, context), context.Under("hypernetwork"));
    }
}
