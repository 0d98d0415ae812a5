using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Elements at integer positions of one axis, which the axes of the index replace:
/// <c>y[a…, i…, b…] = x[a…, index[i…], b…]</c>. All indexing by tensors is written on it.
/// </summary>
/// <remarks>Indices are in 0 … n-1; the public operations resolve negative ones. The host throws <see cref="AxisException"/> on others.</remarks>
/// <param name="Axis">The axis indexed.</param>
public sealed record Take(int Axis) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Take(0), Sampling.Values([4]), Sampling.Indices([3], 4)),
        new(new Take(1), Sampling.Values([2, 3, 2]), Sampling.Indices([2, 2], 3)),
        new(new Take(0), Sampling.Values([3, 2]), Sampling.Indices([], 3)),
        new(new Take(0), Sampling.Values([3, 2]), Sampling.Indices([0], 3)),
    ];

    internal override bool TakesBFloat16 => true;

    internal override TensorType[] Infer(Tensor[] x) =>
        x[1].DType.IsInteger()
            ? [new([.. x[0].Shape.AsSpan()[..Axis], .. x[1].Shape, .. x[0].Shape.AsSpan()[(Axis + 1)..]], x[0].DType)]
            : throw new DTypeException($"Take: indices are {x[1].DType.Name()}, not int32 or int64");

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) =>
        [Tensor.Apply(new ScatterAdd(Axis, x[0].Shape[Axis]), cotangents[0], x[1])];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        if (!batched[1]) return [Tensor.Apply(new Take(Axis + 1), x)];
        if (!batched[0])
        {
            // Indices are just longer: move their batch axis, now at Axis, to the front.
            var y = Tensor.Apply(this, x);
            return [y.MoveAxis(Axis, 0)];
        }

        // One long axis [batch · n] beside the outer axes, and each batch member's indices shifted to its part.
        var (moved, index) = Flattened(x[0], x[1], Axis, size);
        return [Tensor.Apply(this, moved, index).MoveAxis(Axis, 0)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, n, inner) = Split(x[0].Shape, Axis);
        device.Take(x[0], x[1], y[0], outer, n, inner);
    }

    internal static (long Outer, int N, long Inner) Split(Shape shape, int axis) => (shape[..axis].Size, shape[axis], shape[(axis + 1)..].Size);

    /// <summary>[batch, outer…, n, inner…] as [outer…, batch·n, inner…], and indices [batch, i…] pointing into it.</summary>
    internal static (Tensor X, Tensor Index) Flattened(Tensor x, Tensor index, int axis, int size)
    {
        var n = x.Shape[axis + 1];
        var beside = x.MoveAxis(0, axis);
        return (beside.Reshape([.. beside.Shape.AsSpan()[..axis], size * n, .. beside.Shape.AsSpan()[(axis + 2)..]]), Shifted(index, n, size));
    }

    internal static Tensor Shifted(Tensor index, int n, int size)
    {
        var offsets = Tensor.Arange(size, index.DType, index.Device) * n;
        return index + offsets.Reshape([size, .. Enumerable.Repeat(1, index.Rank - 1)]);
    }
}
