using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Joins tensors along an axis.</summary>
/// <param name="Axis">The axis that grows.</param>
public sealed record Concatenate(int Axis) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Concatenate(0), Sampling.Values([2]), Sampling.Values([3], seed: 1)),
        new(new Concatenate(1), Sampling.Values([2, 3]), Sampling.Values([2, 0], seed: 1), Sampling.Values([2, 1], seed: 2)),
        new(new Concatenate(0), Sampling.Values([0, 2]), Sampling.Values([0, 2])),
    ];

    internal override bool TakesBFloat16 => true;

    internal override bool TakesStrides => true;

    internal override int LinearOperands(int operands) => operands;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var size = 0;
        foreach (var operand in x)
        {
            if (operand.Rank != x[0].Rank || !operand.Shape.Without(Axis).Equals(x[0].Shape.Without(Axis)))
                throw new ShapeException($"Concatenate: shapes {string.Join(", ", x.Select(o => o.Shape))} differ outside axis {Axis}");
            size += operand.Shape[Axis];
        }

        return [new(x[0].Shape.With(Axis, size), Rules.Same(Name, Array.ConvertAll(x, static o => o.DType)))];
    }

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted)
    {
        var parts = new Tensor?[x.Length];
        var start = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (wanted[i]) parts[i] = cotangents[0].Narrow(Axis, start, x[i].Shape[Axis]);
            start += x[i].Shape[Axis];
        }

        return parts;
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        [Tensor.Apply(new Concatenate(Axis + 1), [.. x.Select((operand, i) => WithBatch(operand, batched[i], size))])];

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        int[] starts = new int[y[0].Shape.Rank], steps = new int[starts.Length];
        Array.Fill(steps, 1);
        foreach (var part in x)
        {
            if (part.Size > 0) device.Copy(part, y[0].With(y[0].Layout.Slice(starts, steps, part.Shape)));
            starts[Axis] += part.Shape[Axis];
        }
    }
}
