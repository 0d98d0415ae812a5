using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>
/// <c>(1/N) Σ g·gᵀ</c>, g the gradient of one sample's loss at its own target. Not the Fisher matrix, whose targets are drawn from the model
/// (<see cref="GaussNewtonOperator"/>): Kunstner, Balles, Hennig (2019).
/// </summary>
/// <param name="risk">L; one output row must depend on its own sample only.</param>
/// <param name="parameters">θ.</param>
/// <param name="takesPart">Which tensors, by name; null: all.</param>
public sealed class EmpiricalFisherOperator(EmpiricalRisk risk, Parameters parameters, Func<string, bool>? takesPart = null)
    : CurvatureOperator(risk, parameters, takesPart)
{
    private protected override CurvatureOperator Restricted(Func<string, bool> takesPart) =>
        new EmpiricalFisherOperator(Risk, At, takesPart) { KeptBytes = KeptBytes, Progress = Progress, Cancellation = Cancellation };

    // Σ g·(gᵀv): the losses of all samples as outputs. No gradient of a sample is formed.
    private protected override Parameters Product(Parameters point, Batch batch, Parameters vector)
    {
        var part = Space.Restrict(point);
        Tensor Losses(Parameters p) => Risk.Loss.PerSample(Risk.Network(point.With(p), batch), batch.Target);
        var along = Transform.Jvp<Parameters, Tensor>(Losses, part, vector).Tangent;
        return Transform.Vjp<Parameters, Tensor>(Losses, part).Pullback(along / (double)batch.Size);
    }
}
