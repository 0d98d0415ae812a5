using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The numbers 0 … n-1.</summary>
/// <param name="N">How many.</param>
/// <param name="Type">int32 or int64.</param>
public sealed record Iota(int N, DType Type) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => [new(new Iota(5, DType.Int64)), new(new Iota(0, DType.Int32))];

    internal override TensorType[] Infer(Tensor[] x) => [new([N], Type)];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        throw new TransformException("Iota: has no operand to batch"); // the walk never asks a node without batched inputs

    internal override void Evaluate(Device device, View[] x, View[] y) => device.Iota(y[0]);
}
