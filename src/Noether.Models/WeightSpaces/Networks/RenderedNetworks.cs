using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>The images that changed sinusoidal networks show: [batch, values, height, width].</summary>
/// <param name="Model">Changes the networks, such as <see cref="EditNet"/>. Its parameters keep their names.</param>
/// <param name="Renderer">Where and how the networks are evaluated.</param>
public sealed record RenderedNetworks(WeightModule Model, SirenRenderer Renderer) : WeightModule<Tensor>
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Model.Init(key, type);

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Model.InitState(type, device);

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context) => Renderer.Render(Model.Apply(parameters, x, context));
}
