namespace Noether.Models.Sharpening;

/// <summary>What one layer with parameters contributes to <c>DF·DFᵀ</c>.</summary>
/// <param name="Name">Of the layer.</param>
/// <param name="Jacobian">The largest spectral norm, over the sample, of the outputs' derivative in what the layer makes: <c>Jf_L⋯Jf_{l+1}</c>.</param>
/// <param name="Derivative">λ_max of <c>D_θf_l·(D_θf_l)ᵀ</c> over the sample: how large the layer's inputs are.</param>
public sealed record LayerFactor(string Name, double Jacobian, double Derivative)
{
    /// <summary>What the layer's term is at most.</summary>
    public double Bound => Jacobian * Jacobian * Derivative;
}
