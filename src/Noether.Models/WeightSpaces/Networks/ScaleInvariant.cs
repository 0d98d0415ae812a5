using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Any invariant model made invariant to scales of hidden neurons as well: it sees networks with normalised scales.</summary>
/// <remarks>
/// Exact, and nothing else is lost: two networks look the same only if they differ by a symmetry, so every invariant function is within reach. Neurons that
/// the rule of <see cref="WeightTransforms.NeuronScales"/> leaves open (no incoming weights, a sum of zero) keep their scale. Normalisation of weights inside the model wants statistics of <see cref="WeightTransforms.NormalizeScales"/> of its training set. The symmetry: Kalogeropoulos et al.,
/// Scale equivariant graph metanetworks (2024).
/// </remarks>
/// <param name="Symmetry">Of the networks' activation.</param>
/// <param name="Model">Its parameters keep their names.</param>
public sealed record ScaleInvariant(ScaleSymmetry Symmetry, WeightModule<Tensor> Model) : WeightModule<Tensor>
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Model.Init(key, type);

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Model.InitState(type, device);

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context) => Model.Apply(parameters, WeightTransforms.NormalizeScales(x, Symmetry), context);
}
