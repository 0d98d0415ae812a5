using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A model on networks that come as vectors, [batch, parameters], so that data sets, training and checkpoints are those of any other module.</summary>
/// <remarks>Parameters and state are the model's own, under its names.</remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Model">What is applied to <see cref="WeightFeatures.FromVectors"/>.</param>
public sealed record VectorNetworks(WeightSpec Spec, WeightModule<Tensor> Model) : Module
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Model.Init(key, type);

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Model.InitState(type, device);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The vectors have another length.</exception>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => Model.Apply(parameters, WeightFeatures.FromVectors(Spec, x), context);
}
