using Noether.Nn;

namespace Noether.Models;

/// <summary>A number that is a tensor, the same at every step: under Vmap one for each network.</summary>
/// <param name="Value">Without axes, for one network.</param>
internal sealed record OwnSchedule(Tensor Value) : Schedule
{
    public override Tensor At(Tensor step) => Value.To(DType.Float64);
}
