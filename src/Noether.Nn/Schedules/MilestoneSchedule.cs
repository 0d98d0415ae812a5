namespace Noether.Nn;

/// <summary>Multiplied by a factor at chosen steps (PyTorch's <c>MultiStepLR</c>).</summary>
/// <param name="Start">Until the first milestone.</param>
/// <param name="Milestones">The steps from which one more factor counts.</param>
/// <param name="Factor">What a milestone multiplies by.</param>
public sealed record MilestoneSchedule(double Start, Integers Milestones, double Factor = 0.1) : Schedule
{
    /// <inheritdoc/>
    public override Tensor At(Tensor step)
    {
        var value = Tensor.From(Start, DType.Float64, step.Device);
        foreach (var milestone in Milestones) value = Tensor.Select(step >= milestone, value * Factor, value);
        return value;
    }
}
