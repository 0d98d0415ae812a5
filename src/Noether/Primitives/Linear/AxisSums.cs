using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Sums of matrices [batch…, rows, columns] over their columns [batch…, rows] and over their rows [batch…, columns], in one read.</summary>
public sealed record AxisSums : LinearPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly AxisSums Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Sampling.Values([3, 4])),
        new(Instance, Sampling.Values([2, 1, 5])),
        new(Instance, Sampling.Values([2, 2, 3, 1])),
        new(Instance, Sampling.Values([2, 0, 3])),
        new(Instance, Sampling.Values([0, 2, 3])),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var shape = x[0].Shape;
        var type = Rules.Floating(Name, [x[0].DType]);
        if (shape.Rank < 2) throw new ShapeException($"{Name}: {shape} are no matrices");
        return [new(shape[..^1], type), new(shape.Without(shape.Rank - 2), type)];
    }

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) =>
        [(cotangents[0].Unsqueeze(-1) + cotangents[1].Unsqueeze(-2)).BroadcastTo(x[0].Shape)];

    // Leading axes are batches already.
    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Tensor.ApplyMany(this, x);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.AxisSums(x[0], y[0], y[1]);

    internal override Tensor[] Definition(Tensor[] x) => [x[0].Sum(-1), x[0].Sum(-2)];
}
