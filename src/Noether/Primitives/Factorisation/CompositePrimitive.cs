using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// A function of matrices that every device computes by its definition, but whose derivative has a better rule than the definition's. Equal
/// factorisations in the value and in its derivatives are merged by the plan.
/// </summary>
public abstract record CompositePrimitive : Primitive
{
    internal sealed override bool IsComposite => true;

    internal abstract override Tensor[] Definition(Tensor[] x);

    internal sealed override void Evaluate(Device device, View[] x, View[] y) =>
        throw new InvalidOperationException("composites are expanded by the planner");
}
