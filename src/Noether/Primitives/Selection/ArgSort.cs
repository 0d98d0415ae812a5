using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The positions (int64) that put the elements along an axis in order; equal elements keep theirs. NaN is the greatest.</summary>
/// <param name="Axis">The axis sorted.</param>
/// <param name="Descending">The largest first, else the smallest.</param>
public sealed record ArgSort(int Axis, bool Descending) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new ArgSort(0, false), Sampling.Values([7])),
        new(new ArgSort(1, true), Sampling.Values([2, 5, 3])),
        new(new ArgSort(0, false), Sampling.Indices([9], 4)),
        new(new ArgSort(1, true), Sampling.Values([2, 0])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, DType.Int64)];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => [null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new ArgSort(Axis + 1, Descending), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, n, inner) = Take.Split(x[0].Shape, Axis);
        device.ArgSort(Descending, x[0], y[0], outer, n, inner);
    }
}
