namespace Noether.Models.SharpnessAware;

/// <summary>
/// One step of first-order sharpness-aware minimisation on one sample, seen at the pre-activations of a network <c>f = aᵀ·σ(W·x)</c> with rectified units and
/// loss ½(f - y)²: the change of ⟨w_j, x⟩ in two parts.
/// </summary>
/// <param name="Fitting">Along the loss's gradient, longer by ρ‖∇f‖/|r|: [units].</param>
/// <param name="Suppressing">Never positive: every active unit is pushed down by its own activation, in proportion to ρ√loss: [units].</param>
/// <remarks>Andriushchenko et al. (2023), section 5; r = f - y, and ‖∇f‖² = ‖σ(Wx)‖² + ‖x‖²·‖a∘σ'‖².</remarks>
public sealed record PreactivationStep(Tensor Fitting, Tensor Suppressing)
{
    /// <summary>The two parts.</summary>
    /// <param name="hidden">W [units, inputs].</param>
    /// <param name="output">a [units].</param>
    /// <param name="x">The sample [inputs].</param>
    /// <param name="y">Its target.</param>
    /// <param name="rate">η.</param>
    /// <param name="radius">ρ.</param>
    public static PreactivationStep Of(Tensor hidden, Tensor output, Tensor x, double y, double rate, double radius)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(x);
        if (hidden.Rank != 2 || output.Rank != 1 || x.Rank != 1 || output.Shape[0] != hidden.Shape[0] || x.Shape[0] != hidden.Shape[1])
            throw new ShapeException($"PreactivationStep: W {hidden.Shape}, a {output.Shape} and x {x.Shape} do not belong together");
        var before = hidden.MatMul(x);
        var features = before.Relu();
        var slopes = output * (before > 0).To(output.DType);
        var residual = (output * features).Sum() - y;
        var length = x.Square().Sum();
        var norm = (features.Square().Sum() + length * slopes.Square().Sum()).Sqrt();
        var size = residual.Abs();
        return new(
            -rate * (residual + radius * norm * residual.Sign()) * slopes * length,
            -rate * radius * (size / norm) * features * length);
    }
}
