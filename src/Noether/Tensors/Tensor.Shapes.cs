using System.Runtime.CompilerServices;
using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The same elements in row-major order under another shape; one size may be inferred: see <see cref="Reshape(ReadOnlySpan{int})"/>.</summary>
    /// <exception cref="ShapeException">The sizes multiply to another number.</exception>
    public Tensor Reshape(Shape shape)
    {
        if (shape.Equals(Shape)) return this;
        if (Node?.Primitive is Constant constant && shape.Size == Size) return Full(shape, constant.Value, DType, Device);
        return Apply(new Reshape(shape), this);
    }

    /// <summary>The same elements under another shape; a size of -1 is inferred.</summary>
    /// <exception cref="ShapeException">The sizes do not fit, or two are -1.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        var unknown = sizes.IndexOf(-1);
        if (unknown < 0) return Reshape(Shape.Create(sizes));
        long known = 1;
        for (var i = 0; i < sizes.Length; i++) known *= i == unknown ? 1 : sizes[i];
        if (known <= 0 || Size % known != 0)
            throw new ShapeException($"Reshape: {Shape} has {Size} elements, which [{string.Join(", ", sizes.ToArray())}] cannot hold");
        var copy = sizes.ToArray();
        copy[unknown] = (int)(Size / known);
        return Reshape(Shape.Create(copy));
    }

    /// <summary>One axis.</summary>
    /// <exception cref="ShapeException">There are more elements than an axis holds.</exception>
    public Tensor Flatten() =>
        Size <= int.MaxValue ? Reshape([(int)Size]) : throw new ShapeException($"Flatten: {Shape} has {Size} elements, an axis holds {int.MaxValue}");

    /// <summary>Axes in another order: axis i of the result is axis <c>axes[i]</c>.</summary>
    /// <exception cref="AxisException">Not a permutation of the axes.</exception>
    public Tensor Permute(params int[] axes)
    {
        var order = Array.ConvertAll(axes, a => Shape.Axis(a, "Permute"));
        if (order.Length != Rank || order.Distinct().Count() != Rank)
            throw new AxisException($"Permute: [{string.Join(", ", axes)}] is not a permutation of the axes of {Shape}");
        for (var i = 0; i < order.Length; i++)
        {
            if (order[i] != i) return Apply(new Permute([.. order]), this);
        }

        return this;
    }

    /// <summary>Axes in reverse order; of a matrix, its transpose.</summary>
    public Tensor Transpose() => Permute([.. Enumerable.Range(0, Rank).Reverse()]);

    /// <summary>Exchanges two axes.</summary>
    public Tensor SwapAxes(int first, int second)
    {
        var axes = Enumerable.Range(0, Rank).ToArray();
        (first, second) = (Shape.Axis(first, "SwapAxes"), Shape.Axis(second, "SwapAxes"));
        (axes[first], axes[second]) = (second, first);
        return Permute(axes);
    }

    /// <summary>Moves an axis to another position; the others keep their order.</summary>
    public Tensor MoveAxis(int from, int to)
    {
        from = Shape.Axis(from, "MoveAxis");
        to = Shape.Axis(to, "MoveAxis");
        var axes = Enumerable.Range(0, Rank).ToList();
        axes.RemoveAt(from);
        axes.Insert(to, from);
        return Permute([.. axes]);
    }

    /// <summary>Stretches axes of size 1 and adds leading axes, without copying (NumPy's rule).</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        if (shape.Equals(Shape)) return this;
        if (Node?.Primitive is Constant constant && shape.Equals(Shape.Broadcast(Shape, shape))) return Full(shape, constant.Value, DType, Device);
        return Apply(new Broadcast(shape), this);
    }

    /// <summary>Removes axes of size 1: the named ones, or all.</summary>
    /// <exception cref="ShapeException">A named axis has another size.</exception>
    public Tensor Squeeze(params int[] axes)
    {
        var gone = axes.Length == 0
            ? Enumerable.Range(0, Rank).Where(a => Shape[a] == 1).ToHashSet()
            : axes.Select(a => Shape.Axis(a, "Squeeze")).ToHashSet();
        foreach (var axis in gone)
        {
            if (Shape[axis] != 1) throw new ShapeException($"Squeeze: axis {axis} of {Shape} has size {Shape[axis]}, not 1");
        }

        return Reshape([.. Enumerable.Range(0, Rank).Where(a => !gone.Contains(a)).Select(a => Shape[a])]);
    }

    /// <summary>Adds an axis of size 1 before position <paramref name="axis"/> (negative: from the end of the result).</summary>
    public Tensor Unsqueeze(int axis)
    {
        var position = axis < 0 ? axis + Rank + 1 : axis;
        if (position < 0 || position > Rank) throw new AxisException($"Unsqueeze: no position {axis} in {Shape}");
        return Reshape(Shape.Insert(position, 1));
    }

    /// <summary><paramref name="count"/> elements along an axis from <paramref name="start"/>, without copying.</summary>
    public Tensor Narrow(int axis, int start, int count)
    {
        axis = Shape.Axis(axis, "Narrow");
        if (start < 0 || count < 0 || start + (long)count > Shape[axis])
            throw new AxisException($"Narrow: {start} … {start + (long)count} is not inside axis {axis} of {Shape}");
        if (count == Shape[axis]) return this;
        var starts = new int[Rank];
        starts[axis] = start;
        return Apply(new Slice([.. starts], Integers.Repeat(1, Rank), Shape.With(axis, count)), this);
    }

    /// <summary>Joins tensors along an axis; types are promoted.</summary>
    /// <exception cref="ShapeException">Shapes differ outside the axis.</exception>
    public static Tensor Concatenate(int axis, params Tensor[] tensors)
    {
        if (tensors.Length == 0) throw new ShapeException("Concatenate: no tensors");
        var type = tensors.Select(x => x.DType).Aggregate(DTypes.Promote);
        var position = tensors[0].Shape.Axis(axis, "Concatenate");
        return tensors.Length == 1 ? tensors[0] : Apply(new Concatenate(position), Array.ConvertAll(tensors, x => x.To(type)));
    }

    /// <summary>Joins tensors of one shape along a new axis.</summary>
    public static Tensor Stack(int axis, params Tensor[] tensors)
    {
        if (tensors.Length == 0 || Array.Exists(tensors, x => !x.Shape.Equals(tensors[0].Shape)))
            throw new ShapeException($"Stack: {(tensors.Length == 0 ? "no tensors" : $"shapes {string.Join(", ", tensors.Select(x => x.Shape))} differ")}");
        var rank = tensors[0].Rank;
        if (axis < -rank - 1 || axis > rank) throw new AxisException($"Stack: no position {axis} in {tensors[0].Shape}");
        return Concatenate(axis, Array.ConvertAll(tensors, x => x.Unsqueeze(axis)));
    }
}
