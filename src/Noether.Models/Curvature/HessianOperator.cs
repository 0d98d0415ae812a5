using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary><c>H = ∇²L(θ)</c>, by forward over reverse differentiation: exact, and symmetric up to rounding.</summary>
/// <param name="risk">L.</param>
/// <param name="parameters">θ.</param>
/// <param name="takesPart">Which tensors, by name; null: all.</param>
/// <remarks>
/// Piecewise linear networks have this Hessian away from their kinks, so a check by finite differences needs steps that cross none. Source: Pearlmutter
/// (1994).
/// </remarks>
public sealed class HessianOperator(EmpiricalRisk risk, Parameters parameters, Func<string, bool>? takesPart = null)
    : CurvatureOperator(risk, parameters, takesPart)
{
    private protected override CurvatureOperator Restricted(Func<string, bool> takesPart) =>
        new HessianOperator(Risk, At, takesPart) { KeptBytes = KeptBytes, Progress = Progress, Cancellation = Cancellation };

    private protected override Parameters Product(Parameters point, Batch batch, Parameters vector) =>
        Transform.Hvp(p => Risk.BatchMean(point.With(p), batch), Space.Restrict(point), vector);
}
