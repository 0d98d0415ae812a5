using Noether.Devices;
using Noether.Graphs;

namespace Noether.Primitives;

/// <summary>The sum over <c>Count</c> neighbouring axes from <c>Axis</c>, which disappear.</summary>
/// <param name="Axis">The first axis summed.</param>
/// <param name="Count">How many.</param>
public sealed record Sum(int Axis, int Count) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Sum(0, 1), Sampling.Values([5])),
        new(new Sum(1, 1), Sampling.Values([2, 3, 4])),
        new(new Sum(0, 2), Sampling.Values([2, 3, 4])),
        new(new Sum(1, 1), Sampling.Values([2, 0])),
        new(new Sum(0, 1), Sampling.Values([2, 0])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(Reductions.Remaining(x[0].Shape, Axis, Count), Rules.Number(Name, [x[0].DType]))];

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted)
    {
        Shape kept = [.. x[0].Shape.AsSpan()[..Axis], .. Enumerable.Repeat(1, Count), .. x[0].Shape.AsSpan()[(Axis + Count)..]];
        return [cotangents[0].Reshape(kept).BroadcastTo(x[0].Shape)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new Sum(Axis + 1, Count), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) => Reductions.Evaluate(device, Reduction.Sum, x[0], y[0], Axis, Count);
}

/// <summary>What folds over neighbouring axes share.</summary>
internal static class Reductions
{
    public static Shape Remaining(Shape shape, int axis, int count) => [.. shape.AsSpan()[..axis], .. shape.AsSpan()[(axis + count)..]];

    /// <summary>[outer, n, inner] with n the neighbouring axes.</summary>
    public static (long Outer, long N, long Inner) Sizes(Shape shape, int axis, int count = 1)
    {
        var sizes = shape.AsSpan();
        return (Product(sizes[..axis]), Product(sizes[axis..(axis + count)]), Product(sizes[(axis + count)..]));
    }

    public static void Evaluate(Device device, Reduction reduction, View x, View y, int axis, int count)
    {
        var (outer, n, inner) = Sizes(x.Shape, axis, count);
        device.Reduce(reduction, x, y, outer, n, inner);
    }

    public static void MapRows(Device device, RowFunction function, View x, View? z, View y, int axis, int count)
    {
        var (outer, n, inner) = Sizes(x.Shape, axis, count);
        device.MapRows(function, x, z, y, outer, n, inner);
    }

    /// <summary>The fold that a primitive of one operand is, if it folds numbers to a number of their type: a group's elements may feed it.</summary>
    public static (Reduction Reduction, int Axis, int Count)? Of(Primitive primitive) => primitive switch
    {
        Sum sum => (Reduction.Sum, sum.Axis, sum.Count),
        Extremum extremum => (extremum.Largest ? Reduction.Max : Reduction.Min, extremum.Axis, 1),
        _ => null,
    };

    /// <summary>Folds the elements of a group.</summary>
    public static void Evaluate(Device device, Primitive fold, ElementwiseGroup group, View[] x, View y)
    {
        var (reduction, axis, count) = Of(fold)!.Value;
        device.FoldGroup(group, reduction, x, y, Sizes(group.Shape, axis, count));
    }

    private static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (var size in sizes) product *= size;
        return product;
    }
}
