using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The variance over neighbouring axes, which disappear: squared distances from the mean, summed and divided by n - correction.</summary>
/// <param name="Axis">The first axis.</param>
/// <param name="Count">How many.</param>
/// <param name="Correction">1 for the unbiased estimate, 0 for the variance of these elements.</param>
public sealed record Variance(int Axis, int Count, double Correction) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Variance(0, 1, 1), Sampling.Values([5])),
        new(new Variance(1, 1, 0), Sampling.Values([2, 3, 4])),
        new(new Variance(0, 2, 1), Sampling.Values([2, 3, 4])),
        new(new Variance(1, 2, 0.5), Sampling.Values([2, 3, 4])),
        new(new Variance(1, 1, 0), Sampling.Values([0, 3])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(Reductions.Remaining(x[0].Shape, Axis, Count), Rules.Floating(Name, [x[0].DType]))];

    internal override Tensor[] Define(Tensor[] x) => [Centred(x[0]).Square().Sum(Axes) / Divisor(x[0].Shape)];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) =>
        [dx[0] is { } d ? (Centred(x[0]) * d).Sum(Axes) * (2 / Divisor(x[0].Shape)) : null];

    // The distances sum to zero, so that the mean's own derivative drops out.
    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        if (cotangents[0] is not { } c) return [null];
        Shape kept = [.. x[0].Shape.AsSpan()[..Axis], .. Enumerable.Repeat(1, Count), .. x[0].Shape.AsSpan()[(Axis + Count)..]];
        return [Centred(x[0]) * (c * (2 / Divisor(x[0].Shape))).Reshape(kept)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new Variance(Axis + 1, Count, Correction), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) => device.Variance(this, x[0], y[0]);

    /// <summary>n - correction, not below 0.</summary>
    internal double Divisor(Shape shape)
    {
        double n = 1;
        for (var axis = Axis; axis < Axis + Count; axis++) n *= shape[axis];
        return Math.Max(0, n - Correction);
    }

    private int[] Axes => [.. Enumerable.Range(Axis, Count)];

    private Tensor Centred(Tensor x) => x - x.Mean(Axes, keepAxes: true);
}
