using Noether.Devices;

namespace Noether.Primitives;

/// <summary>A fused function of the rows along one axis, with operands and result of one shape.</summary>
/// <param name="Axis">The axis along which a row lies.</param>
public abstract record RowPrimitive(int Axis) : FusedPrimitive
{
    private protected abstract RowFunction Function { get; }

    private protected abstract RowPrimitive Along(int axis);

    internal sealed override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType)))];

    internal sealed override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(Along(Axis + 1), [.. x.Select((t, i) => WithBatch(t, batched[i], size))]);

    internal sealed override void Evaluate(Device device, View[] x, View[] y) => Reductions.MapRows(device, Function, x[0], x.Length > 1 ? x[1] : null, y[0], Axis, 1);
}
