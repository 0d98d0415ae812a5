namespace Noether.Nn;

/// <summary>Multiplied by a factor every so many steps (PyTorch's <c>StepLR</c>).</summary>
/// <param name="Start">Until the first drop.</param>
/// <param name="Every">Steps between drops.</param>
/// <param name="Factor">What a drop multiplies by; positive.</param>
public sealed record StepSchedule(double Start, int Every, double Factor = 0.1) : Schedule
{
    /// <inheritdoc/>
    public override Tensor At(Tensor step) => Start * ((step.To(DType.Float64) / Every).Floor() * Math.Log(Factor)).Exp();
}
