using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary><c>L + ρ·‖∇L‖</c>: to first order in ρ the loss that sharpness-aware minimisation descends.</summary>
public static class GradientNormPenalty
{
    /// <summary>The penalised loss; its gradient differentiates twice.</summary>
    /// <param name="loss">L.</param>
    /// <param name="radius">ρ.</param>
    public static Func<Parameters, Tensor> Of(Func<Parameters, Tensor> loss, double radius) => Of(loss, Tensor.From(radius, DType.Float64));

    /// <summary>The penalised loss of a radius that is a tensor without axes: under Vmap one for each network.</summary>
    /// <inheritdoc cref="Of(Func{Parameters, Tensor}, double)"/>
    public static Func<Parameters, Tensor> Of(Func<Parameters, Tensor> loss, Tensor radius)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return parameters =>
        {
            var (value, gradient) = Transform.ValueAndGrad(loss)(parameters);
            return value + (radius.To(DType.Float64) * ParameterSpace.Product(gradient, gradient).Sqrt()).To(value.DType);
        };
    }
}
