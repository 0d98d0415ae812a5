using Noether.Devices;

namespace Noether.Primitives;

/// <summary>A user's function kept as one node so that a rule can be attached to it; plans replace it by its definition.</summary>
/// <param name="function">The function; it must be pure.</param>
internal abstract record CallPrimitive(Func<Tensor[], Tensor[]> function) : FusedPrimitive
{
    internal sealed override bool TakesBFloat16 => true;

    internal sealed override bool IsComposite => true;

    protected Func<Tensor[], Tensor[]> Function => function;

    internal sealed override Tensor[] Define(Tensor[] x) => function(x);

    internal sealed override TensorType[] Infer(Tensor[] x)
    {
        var symbols = Array.ConvertAll(x, t => Tensor.ApplyOn(t.Device, new Symbol(new(t.Shape, t.DType), Name))[0]);
        return Array.ConvertAll(function(symbols), static y => new TensorType(y.Shape, y.DType));
    }

    internal sealed override void Evaluate(Device device, View[] x, View[] y) =>
        throw new InvalidOperationException("calls are expanded by the planner");
}
