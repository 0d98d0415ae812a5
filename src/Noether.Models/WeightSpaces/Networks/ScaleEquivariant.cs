using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>
/// Any equivariant map, a layer or a whole editor, made equivariant to scales of hidden neurons as well: it sees networks with normalised scales, and what it
/// gives is scaled as they were.
/// </summary>
/// <remarks>
/// Scaling a neuron by λ multiplies the output's weights into it and its bias by λ, and divides those that lead on. Every such map is within reach. Around a
/// whole stack rather than around each layer, for activations between do not let scales through. The symmetry: Kalogeropoulos et al., Scale equivariant graph
/// metanetworks (2024).
/// </remarks>
/// <param name="Symmetry">Of the networks' activation.</param>
/// <param name="Model">Its parameters keep their names.</param>
public sealed record ScaleEquivariant(ScaleSymmetry Symmetry, WeightModule Model) : WeightModule
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Model.Init(key, type);

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Model.InitState(type, device);

    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        var scales = WeightTransforms.NeuronScales(x, Symmetry);
        var normal = WeightTransforms.ScaleNeurons(x, [.. scales.Select(static s => 1 / s)]);
        return WeightTransforms.ScaleNeurons(Model.Apply(parameters, normal, context), [.. scales]);
    }
}
