namespace Noether.Models.WeightSpaces;

/// <summary><see cref="InvariantNfn"/> whose linear layers, but for the first and the last, are in residual blocks. Dropout is of entries.</summary>
/// <remarks>Parameters below <c>features</c> and <c>head</c>. Source: Zhou et al., Permutation equivariant neural functionals (2023), authors' code.</remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Hidden">Channels after each linear layer; equal but for the last.</param>
public sealed record InvariantResNfn(WeightSpec Spec, IReadOnlyList<int> Hidden) : InvariantNfn(Spec, Hidden)
{
    /// <inheritdoc/>
    protected override string FeaturesName => "features";

    /// <inheritdoc/>
    protected override IEnumerable<WeightModule> Block(int index, int inputs, int outputs)
    {
        if (index > 0 && index < Hidden.Count - 1) return [new WeightResidual(Layer(inputs, outputs)) { Dropout = FeatureDropout }];
        return [Layer(inputs, outputs), WeightActivation.Relu, .. FeatureDropout > 0 ? [new WeightDropout(FeatureDropout)] : Array.Empty<WeightModule>()];
    }
}
