using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The first operand, not before the second is there: orders work that the graph alone leaves free.</summary>
public sealed record Barrier : LinearPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly Barrier Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => [new(Instance, Sampling.Values([2, 3]), Sampling.Indices([2], 3))];

    internal override bool TakesBFloat16 => true;

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, x[0].DType)];

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) => [cotangents[0]];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(this, WithBatch(x[0], batched[0], size), x[1])];

    internal override Layout AsView(Layout x) => x;

    internal override void Evaluate(Device device, View[] x, View[] y) =>
        throw new InvalidOperationException("a barrier is a view of its first operand");
}
