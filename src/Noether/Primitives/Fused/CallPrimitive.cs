using Noether.Devices;
using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>A user's function kept as one node so that a rule can be attached to it; plans replace it by its definition.</summary>
/// <param name="Function">Its graph. The operands are its arguments, then what it captured.</param>
internal abstract record CallPrimitive(Captured Function) : FusedPrimitive
{
    internal sealed override bool TakesBFloat16 => true;

    internal sealed override bool IsComposite => true;

    internal sealed override Tensor[] Define(Tensor[] x) => Function.Run(x);

    internal sealed override TensorType[] Infer(Tensor[] x) => Function.Types(Name, x);

    internal sealed override void Evaluate(Device device, View[] x, View[] y) =>
        throw new InvalidOperationException("calls are expanded by the planner");
}
