using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>Elements at integer positions of an axis; the index's axes take its place. Negative positions count from the end.</summary>
    /// <param name="indices">int32 or int64, any shape, each in -n … n-1.</param>
    /// <param name="axis">The axis indexed.</param>
    public Tensor Take(Tensor indices, int axis = 0)
    {
        axis = Shape.Axis(axis, "Take");
        return Apply(new Take(axis), this, Wrapped(indices, Shape[axis]));
    }

    /// <summary>
    /// For each position, the element that an index of equal rank names along an axis: <c>y[i, j] = x[i, index[i, j]]</c> for axis 1
    /// (NumPy's <c>take_along_axis</c>, PyTorch's <c>gather</c>).
    /// </summary>
    /// <param name="indices">int32 or int64; equal to this shape, or 1, outside the axis.</param>
    /// <param name="axis">The axis indexed.</param>
    public Tensor TakeAlong(Tensor indices, int axis)
    {
        axis = Shape.Axis(axis, "TakeAlong");
        var positions = FlatPositions("TakeAlong", Wrapped(indices, Shape[axis]), axis, Shape);
        return Apply(new Take(0), Flatten(), positions);
    }

    /// <summary>
    /// The transpose of <see cref="TakeAlong"/>: adds each element of this tensor at the position that the index names along an axis of zeros.
    /// </summary>
    /// <param name="indices">int32 or int64, of this shape.</param>
    /// <param name="axis">The axis written.</param>
    /// <param name="n">Its size in the result.</param>
    public Tensor PutAlong(Tensor indices, int axis, int n)
    {
        axis = Shape.Axis(axis, "PutAlong");
        var target = Shape.With(axis, n);
        var positions = FlatPositions("PutAlong", Wrapped(indices, n), axis, target);
        var sum = Apply(new ScatterAdd(0, checked((int)target.Size)), Flatten(), positions.BroadcastTo(Shape).Flatten());
        return sum.Reshape(target);
    }

    private static Tensor Wrapped(Tensor indices, int n) =>
        indices.DType.IsInteger()
            ? Select(indices < 0, indices + n, indices)
            : throw new DTypeException($"Take: indices are {indices.DType.Name()}{indices.Shape}, not int32 or int64");

    // Row-major positions in a tensor of the given shape: the index along one axis, the coordinate along the others.
    private static Tensor FlatPositions(string operation, Tensor indices, int axis, Shape shape)
    {
        if (indices.Rank != shape.Rank) throw new ShapeException($"{operation}: indices {indices.Shape} and {shape} differ in rank");
        var strides = shape.Strides();
        var positions = indices.To(DType.Int64) * strides[axis];
        for (var other = 0; other < shape.Rank; other++)
        {
            if (other == axis) continue;
            if (indices.Shape[other] != shape[other] && indices.Shape[other] != 1)
                throw new ShapeException($"{operation}: indices {indices.Shape} do not fit {shape} outside axis {axis}");
            var coordinate = Arange(shape[other], DType.Int64, indices.Device) * strides[other];
            positions += coordinate.Reshape([.. Enumerable.Range(0, shape.Rank).Select(a => a == other ? shape[other] : 1)]);
        }

        return positions;
    }
}
