using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>
/// <c>G = (1/N) Σ Jᵀ·A·J</c>, J the outputs' derivative in the parameters and A the loss's second derivative in the outputs. The Hessian is G and a
/// remainder of residuals times second derivatives of the network. G has no negative eigenvalue if A has none.
/// </summary>
/// <param name="risk">L; one output row must depend on its own sample only.</param>
/// <param name="parameters">θ.</param>
/// <param name="takesPart">Which tensors, by name; null: all.</param>
/// <remarks>For cross-entropy G is the Fisher matrix, for the half squared loss that of a normal distribution. Source: Schraudolph (2002).</remarks>
public sealed class GaussNewtonOperator(EmpiricalRisk risk, Parameters parameters, Func<string, bool>? takesPart = null)
    : CurvatureOperator(risk, parameters, takesPart)
{
    private protected override CurvatureOperator Restricted(Func<string, bool> takesPart) =>
        new GaussNewtonOperator(Risk, At, takesPart) { KeptBytes = KeptBytes, Progress = Progress, Cancellation = Cancellation };

    private protected override Parameters Product(Parameters point, Batch batch, Parameters vector)
    {
        var part = Space.Restrict(point);
        Tensor Outputs(Parameters p) => Risk.Network(point.With(p), batch);
        var tangent = Transform.Jvp<Parameters, Tensor>(Outputs, part, vector).Tangent;
        var (outputs, pullback) = Transform.Vjp<Parameters, Tensor>(Outputs, part);
        return pullback(Risk.Loss.Curve(outputs, batch.Target, tangent) / (double)batch.Size);
    }
}
