using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Running sums along an axis: <c>y[i] = x[0] + … + x[i]</c>, or from the other end. The transpose runs the other way.</summary>
/// <param name="Axis">The axis summed along.</param>
/// <param name="Reverse">From the last element to the first.</param>
public sealed record CumulativeSum(int Axis, bool Reverse) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new CumulativeSum(0, false), Sampling.Values([5])),
        new(new CumulativeSum(1, true), Sampling.Values([2, 3, 2])),
        new(new CumulativeSum(0, false), Sampling.Values([7, 2])),
        new(new CumulativeSum(1, false), Sampling.Values([2, 0])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, Rules.Number(Name, [x[0].DType]))];

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) =>
        [Tensor.Apply(new CumulativeSum(Axis, !Reverse), cotangents[0])];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new CumulativeSum(Axis + 1, Reverse), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) => Scans.Evaluate(device, Reduction.Sum, Reverse, x[0], y[0], Axis);

    internal override Tensor[]? Definition(Tensor[] x) => [Scans.Doubled(x[0], Axis, Reverse, static (a, b) => a + b)];
}

/// <summary>What running folds along an axis share.</summary>
internal static class Scans
{
    public static void Evaluate(Device device, Reduction reduction, bool reverse, View x, View y, int axis)
    {
        var (outer, n, inner) = Take.Split(x.Shape, axis);
        device.Scan(reduction, reverse, x, y, outer, n, inner);
    }

    /// <summary>
    /// A running fold by doubling (Hillis and Steele 1986): after step s, each element holds the fold of the last s up to it. log₂ n passes.
    /// </summary>
    public static Tensor Doubled(Tensor x, int axis, bool reverse, Func<Tensor, Tensor, Tensor> fold)
    {
        var n = x.Shape[axis];
        for (var step = 1; step < n; step *= 2)
        {
            Tensor first = x.Narrow(axis, 0, n - step), last = x.Narrow(axis, step, n - step), joined = fold(first, last);
            x = reverse
                ? Tensor.Concatenate(axis, joined, x.Narrow(axis, n - step, step))
                : Tensor.Concatenate(axis, x.Narrow(axis, 0, step), joined);
        }

        return x;
    }
}
