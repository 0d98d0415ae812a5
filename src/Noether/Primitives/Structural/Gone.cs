using Noether.Devices;

namespace Noether.Primitives;

/// <summary>What a tensor that has given its block away stands on: nothing.</summary>
/// <param name="How">What became of the block.</param>
internal sealed record Gone(string How) : Primitive
{
    internal override TensorType[] Infer(Tensor[] x) => [];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => throw new InvalidOperationException(How);

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => throw new InvalidOperationException(How);

    internal override void Evaluate(Device device, View[] x, View[] y) => throw new InvalidOperationException(How);

    /// <summary>The error of using such a tensor.</summary>
    public NoetherException Error(string operation, Tensor tensor) =>
        new DisposedException($"{operation}: the tensor {tensor.DType.Name()}{tensor.Shape} {How}; it has no value any more");
}
