using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Zeros before, between and after the elements along each axis: the transpose of a slice.</summary>
/// <param name="Low">Zeros before the first element.</param>
/// <param name="Interior">Zeros between neighbours.</param>
/// <param name="High">Zeros after the last element.</param>
public sealed record Pad(Integers Low, Integers Interior, Integers High) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Pad([1], [0], [2]), Sampling.Values([3])),
        new(new Pad([0, 1], [2, 1], [1, 0]), Sampling.Values([2, 3])),
        new(new Pad([1, 1], [0, 3], [0, 1]), Sampling.Values([2, 0])),
        new(new Pad([], [], []), Sampling.Values([])),
    ];

    internal override bool TakesBFloat16 => true;

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var sizes = new int[x[0].Rank];
        for (var axis = 0; axis < sizes.Length; axis++) sizes[axis] = Low[axis] + Spread(x[0].Shape[axis], axis) + High[axis];
        return [new([.. sizes], x[0].DType)];
    }

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) =>
        [Tensor.Apply(new Slice(Low, Steps, x[0].Shape), cotangents[0])];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        [Tensor.Apply(new Pad([0, .. Low], [0, .. Interior], [0, .. High]), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        device.Zero(y[0]);
        if (x[0].Size > 0) device.Copy(x[0], y[0].With(y[0].Layout.Slice(Low.AsSpan(), Steps.AsSpan(), x[0].Shape)));
    }

    private Integers Steps => [.. Interior.Select(i => i + 1)];

    private int Spread(int size, int axis) => size == 0 ? 0 : (size - 1) * (Interior[axis] + 1) + 1;
}
