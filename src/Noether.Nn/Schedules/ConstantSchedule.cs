namespace Noether.Nn;

/// <summary>The same number at every step.</summary>
/// <param name="Value">The number.</param>
public sealed record ConstantSchedule(double Value) : Schedule
{
    /// <inheritdoc/>
    public override Tensor At(Tensor step) => Tensor.From(Value, DType.Float64, step.Device);
}
