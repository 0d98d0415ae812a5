namespace Noether.Nn;

/// <summary>Multiplied by a factor at every step.</summary>
/// <param name="Start">At step 0.</param>
/// <param name="Factor">What a step multiplies by; positive.</param>
public sealed record ExponentialSchedule(double Start, double Factor) : Schedule
{
    /// <inheritdoc/>
    public override Tensor At(Tensor step) => Start * (step.To(DType.Float64) * Math.Log(Factor)).Exp();
}
