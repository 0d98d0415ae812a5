using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>x + dropout(act(layer(norm(x)))).</summary>
/// <remarks>Parameters below <c>base_layer</c> and <c>norm</c>. Source: Zhou et al., Permutation equivariant neural functionals (2023), authors' code.</remarks>
/// <param name="Layer">From some channels to as many.</param>
/// <exception cref="ArgumentException">The layer changes the number of channels.</exception>
public sealed record WeightResidual(WeightLayer Layer) : WeightModule
{
    /// <summary>From some channels to as many.</summary>
    public WeightLayer Layer { get; } = Layer.Inputs == Layer.Outputs
        ? Layer
        : throw new ArgumentException($"WeightResidual: {Layer.Inputs} channels and the layer's {Layer.Outputs} do not add", nameof(Layer));

    /// <summary>What follows the layer.</summary>
    public WeightActivation Activation { get; init; } = WeightActivation.Relu;

    /// <summary>Dropout of entries, last.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => [("base_layer", Layer), ("norm", Norm)];

    private SimpleLayerNorm Norm => new(Layer.Spec, Layer.Inputs);

    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        var y = Call("base_layer", Layer, parameters, Call("norm", Norm, parameters, x, context), context);
        return x + Call("dropout", new WeightDropout(Dropout), parameters, Call("activation", Activation, parameters, y, context), context);
    }
}
