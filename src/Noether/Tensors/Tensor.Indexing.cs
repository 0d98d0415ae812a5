using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>
    /// The elements that an index names, by NumPy's rules: <c>x[1]</c>, <c>x[^1]</c>, <c>x[1..3, .., 0]</c>, <c>x[TensorIndex.Every(2)]</c>,
    /// <c>x[mask]</c>, <c>x[rows, columns]</c>; see <see cref="TensorIndex"/>. Integers and ranges take no copy.
    /// </summary>
    /// <exception cref="AxisException">Too many items, or an integer outside its axis; of integer tensors, when the value is computed.</exception>
    /// <exception cref="TransformException">A mask depends on an argument of a transform that is being traced.</exception>
    [System.Runtime.CompilerServices.IndexerName("Elements")]
    public Tensor this[params ReadOnlySpan<TensorIndex> index] => new IndexPlan(Shape, index).Gather(this);

    /// <summary>Elements named by an index, to make a new tensor in which they differ: <c>x.At(2, 1..3).Set(0)</c>, <c>x.At(rows).Add(v)</c>.</summary>
    /// <inheritdoc cref="this[ReadOnlySpan{TensorIndex}]"/>
    public TensorUpdate At(params ReadOnlySpan<TensorIndex> index) => new(this, new IndexPlan(Shape, index));

    /// <summary>The coordinates of elements that are not zero: [count, rank] in int64, in row-major order. Evaluates the tensor.</summary>
    /// <exception cref="TransformException">The tensor depends on an argument of a transform that is being traced.</exception>
    public Tensor Nonzero()
    {
        var flat = Selected.Positions(To(DType.Bool).ToArray<bool>());
        var strides = Shape.Strides();
        var coordinates = new long[flat.Length * Rank];
        for (var i = 0; i < flat.Length; i++)
        {
            var rest = flat[i];
            for (var axis = 0; axis < Rank; axis++) (coordinates[i * Rank + axis], rest) = (rest / strides[axis], rest % strides[axis]);
        }

        return From(coordinates, [flat.Length, Rank], Device);
    }

    /// <summary>Class numbers as vectors that are 1 at the class and 0 elsewhere, along a new last axis; a number outside gives zeros.</summary>
    /// <param name="classes">The size of the new axis.</param>
    /// <param name="type">The type of the result.</param>
    /// <exception cref="DTypeException">The class numbers are not integers.</exception>
    public Tensor OneHot(int classes, DType type = DType.Float32)
    {
        if (!DType.IsInteger()) throw new DTypeException($"OneHot: class numbers are {DType.Name()}{Shape}, not int32 or int64");
        if (classes < 0) throw new ShapeException($"OneHot: {classes} classes for {Shape}");
        return Unsqueeze(-1).Equal(Arange(classes, DType, Device)).To(type);
    }

    /// <summary>
    /// PyTorch's <c>gather</c>: <see cref="TakeAlong"/> with an index that may be smaller than this tensor outside the axis.
    /// </summary>
    /// <param name="axis">The axis indexed.</param>
    /// <param name="indices">int32 or int64, of equal rank.</param>
    public Tensor Gather(int axis, Tensor indices)
    {
        axis = Shape.Axis(axis, "Gather");
        var x = this;
        for (var other = 0; other < Rank && indices.Rank == Rank; other++)
        {
            if (other != axis && indices.Shape[other] < Shape[other]) x = x.Narrow(other, 0, indices.Shape[other]);
        }

        return x.TakenAlong("Gather", indices, axis);
    }

    /// <summary>Elements at integer positions of an axis; the index's axes take its place. Negative positions count from the end.</summary>
    /// <param name="indices">int32 or int64, any shape, each in -n … n-1.</param>
    /// <param name="axis">The axis indexed.</param>
    public Tensor Take(Tensor indices, int axis = 0)
    {
        axis = Shape.Axis(axis, "Take");
        return Apply(new Take(axis), this, Wrapped("Take", indices, Shape[axis]));
    }

    /// <summary>
    /// For each position, the element that an index of equal rank names along an axis: <c>y[i, j] = x[i, index[i, j]]</c> for axis 1
    /// (NumPy's <c>take_along_axis</c>, PyTorch's <c>gather</c>).
    /// </summary>
    /// <param name="indices">int32 or int64; equal to this shape, or 1, outside the axis.</param>
    /// <param name="axis">The axis indexed.</param>
    public Tensor TakeAlong(Tensor indices, int axis) => TakenAlong("TakeAlong", indices, Shape.Axis(axis, "TakeAlong"));

    /// <summary>
    /// The transpose of <see cref="TakeAlong"/>: adds each element of this tensor at the position that the index names along an axis of zeros.
    /// </summary>
    /// <param name="indices">int32 or int64, of this shape.</param>
    /// <param name="axis">The axis written.</param>
    /// <param name="n">Its size in the result.</param>
    public Tensor PutAlong(Tensor indices, int axis, int n)
    {
        axis = Shape.Axis(axis, "PutAlong");
        if (n < 0) throw new ShapeException($"PutAlong: axis {axis} of {Shape} cannot become {n}");
        var target = Shape.With(axis, n);
        var positions = FlatPositions("PutAlong", Wrapped("PutAlong", indices, n), axis, target);
        if (!Shape.Equals(Shape.Broadcast(positions.Shape, Shape))) throw new ShapeException($"PutAlong: indices {indices.Shape} do not fit the values {Shape}");
        var sum = Apply(new ScatterAdd(0, checked((int)target.Size)), Flatten(), positions.BroadcastTo(Shape).Flatten());
        return sum.Reshape(target);
    }

    internal static Tensor Wrapped(string operation, Tensor indices, int n) =>
        indices.DType.IsInteger()
            ? Select(indices < 0, indices + n, indices)
            : throw new DTypeException($"{operation}: indices are {indices.DType.Name()}{indices.Shape}, not int32 or int64");

    private Tensor TakenAlong(string operation, Tensor indices, int axis) =>
        Apply(new Take(0), Flatten(), FlatPositions(operation, Wrapped(operation, indices, Shape[axis]), axis, Shape));

    // Row-major positions in a tensor of the given shape: the index along one axis, the coordinate along the others.
    private static Tensor FlatPositions(string operation, Tensor indices, int axis, Shape shape)
    {
        if (indices.Rank != shape.Rank) throw new ShapeException($"{operation}: indices {indices.Shape} and {shape} differ in rank");
        var strides = shape.Strides();
        var along = indices.To(DType.Int64);
        var positions = along * strides[axis];
        for (var other = 0; other < shape.Rank; other++)
        {
            if (other == axis) continue;
            if (indices.Shape[other] != shape[other] && indices.Shape[other] != 1)
                throw new ShapeException($"{operation}: indices {indices.Shape} do not fit {shape} outside axis {axis}");
            var coordinate = Arange(shape[other], DType.Int64, indices.Device) * strides[other];
            positions += coordinate.Reshape([.. Enumerable.Range(0, shape.Rank).Select(a => a == other ? shape[other] : 1)]);
        }

        // An index outside would name an element of a neighbouring row; -1 is refused by the device.
        return Select((along >= 0) & (along < shape[axis]), positions, -1);
    }
}
