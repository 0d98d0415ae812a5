namespace Noether.Nn;

/// <summary>A number that depends on the step: a learning rate over the course of training. Plain numbers convert to a constant one.</summary>
/// <remarks>
/// A schedule is an expression of the step tensor, so it becomes part of a compiled step and needs no state of its own: resuming at step n
/// gives the rate of step n. Computed in float64, once a step.
/// </remarks>
public abstract record Schedule
{
    /// <summary>The value at a step, as a float64 tensor without axes.</summary>
    /// <param name="step">Completed steps, counted from 0; an integer tensor without axes.</param>
    public abstract Tensor At(Tensor step);

    /// <summary>The value at a step.</summary>
    /// <param name="step">Completed steps, counted from 0.</param>
    public double At(long step) => At(Tensor.From(step, DType.Int64)).Item();

    /// <summary>The schedule that always gives this number.</summary>
    public static implicit operator Schedule(double value) => new ConstantSchedule(value);

    /// <summary>The part of <paramref name="steps"/> that is done, in [0, 1].</summary>
    private protected static Tensor Progress(Tensor step, int steps) => (step.To(DType.Float64) / Math.Max(1, steps)).Maximum(0).Minimum(1);
}
