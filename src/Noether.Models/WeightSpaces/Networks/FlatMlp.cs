using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Dense layers on the networks' parameters as vectors: the baseline that knows no symmetry. [batch, outputs].</summary>
/// <remarks>Parameters below <c>hypernetwork</c>. Train it on permuted copies to teach it. Source: Zhou et al., Permutation equivariant neural functionals (2023).</remarks>
/// <param name="Spec">The networks' sizes; raw weights, of one channel, come in.</param>
/// <param name="Outputs">Numbers that go out.</param>
public sealed record FlatMlp(WeightSpec Spec, int Outputs) : WeightModule<Tensor>
{
    /// <summary>Width of the hidden layers.</summary>
    public int Hidden { get; init; } = 1000;

    /// <summary>Dense layers in all.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>Dropout after each hidden layer.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether outputs are probabilities; else their logits, as losses want them.</summary>
    public bool Sigmoid { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => [("hypernetwork", Network)];

    private Sequential Network => Perceptron.Of(
        Spec.Parameters, Enumerable.Repeat(Hidden, Layers - 1), Outputs, _ => [Activation.Relu, new Dropout(Dropout)], Sigmoid);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The networks have more than one channel, or other sizes.</exception>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!x.Spec.Equals(Spec)) throw new ShapeException($"FlatMlp: made for networks {Spec}, not {x.Spec}");
        return Network.Apply(parameters.Under("hypernetwork"), x.ToVectors(), context.Under("hypernetwork"));
    }
}
