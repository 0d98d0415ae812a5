using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Cross-entropy of logits along an axis against a class a row, (1 - ε)·(l - x[t]) + ε·(l - mean x) with l = log Σ eˣ, and l itself, which
/// the gradient needs. The loss is 0 where the class is the one to ignore.
/// </summary>
/// <remarks>Operands: x [.., n, ..] and classes, integers of x's shape without the axis, in [0, n) or ignored.</remarks>
/// <param name="Axis">The axis of classes.</param>
/// <param name="Smoothing">ε in [0, 1]: how much of the target is spread over all classes.</param>
/// <param name="Ignored">The class that does not count.</param>
public sealed record CrossEntropy(int Axis, double Smoothing, long Ignored) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new CrossEntropy(0, 0, -1), Sampling.Values([5]), Tensor.From(3L, DType.Int64, Device.Host)),
        new(new CrossEntropy(1, 0, 1), Sampling.Values([4, 11]), Sampling.Indices([4], 11)),
        new(new CrossEntropy(1, 0.2, 7), Sampling.Values([3, 4, 2]), Sampling.Indices([3, 2], 4)),
        new(new CrossEntropy(1, 0.1, 0), Sampling.Values([5, 3]), Sampling.Indices([5], 3)),
        new(new CrossEntropy(1, 0.1, 0), Sampling.Values([0, 3]), Sampling.Indices([0], 3)),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        TensorType row = new(x[0].Shape.Without(Axis), Rules.Floating(Name, [x[0].DType]));
        return [row, row];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        var sums = Tensor.Apply(new LogSumExp(Axis, 1), x[0]);
        var counted = x[1].NotEqual(Ignored);
        var losses = (1 - Smoothing) * (sums - x[0].TakeAlong(Tensor.Select(counted, x[1], 0).Unsqueeze(Axis), Axis).Squeeze(Axis));
        if (Smoothing != 0) losses += Smoothing * (sums - x[0].Mean(Axis));
        return [Tensor.Select(counted, losses, 0), sums];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var gradient = cotangents[0] is { } c ? Tensor.Apply(new CrossEntropyGradient(Axis, Smoothing, Ignored), x[0], x[1], y[1], c) : null;
        var ofSums = cotangents[1] is { } s ? (x[0] - y[1].Unsqueeze(Axis)).Exp() * s.Unsqueeze(Axis) : null;
        return [gradient is null || ofSums is null ? gradient ?? ofSums : gradient + ofSums, null];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(new CrossEntropy(Axis + 1, Smoothing, Ignored), WithBatch(x[0], batched[0], size), WithBatch(x[1], batched[1], size));

    internal override void Evaluate(Device device, View[] x, View[] y) => device.CrossEntropy(this, x[0], x[1], y[0], y[1]);
}

/// <summary>
/// The gradient of <see cref="CrossEntropy"/> in the logits for cotangents c of the losses: c·(e^(x - l) - ε/n - (1 - ε)·[j = t]), 0 where the
/// class is ignored.
/// </summary>
/// <remarks>Operands: x, classes, l and c.</remarks>
/// <inheritdoc cref="CrossEntropy" path="/param"/>
public sealed record CrossEntropyGradient(int Axis, double Smoothing, long Ignored) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
        from sample in CrossEntropy.Samples
        let loss = (CrossEntropy)sample.Primitive
        let rows = sample.Inputs[1].Shape
        select new Sample(
            new CrossEntropyGradient(loss.Axis, loss.Smoothing, loss.Ignored),
            sample.Inputs[0], sample.Inputs[1], Sampling.Values(rows, 2.5, 3.5), Sampling.Values(rows, seed: 1));

    internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, Rules.Floating(Name, [x[0].DType, x[2].DType, x[3].DType]))];

    internal override Tensor[] Define(Tensor[] x)
    {
        int n = x[0].Shape[Axis];
        var counted = x[1].NotEqual(Ignored);
        var c = Tensor.Select(counted, x[3], 0).Unsqueeze(Axis);
        var powers = (x[0] - x[2].Unsqueeze(Axis)).Exp() - Smoothing / n;
        var target = Tensor.Select(counted, x[1], 0).Unsqueeze(Axis);
        return [Tensor.Select(counted.Unsqueeze(Axis), c * powers, 0) - ((1 - Smoothing) * c).PutAlong(target, Axis, n)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(new CrossEntropyGradient(Axis + 1, Smoothing, Ignored), [.. x.Select((t, i) => WithBatch(t, batched[i], size))]);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.CrossEntropyGradient(this, x[0], x[1], x[2], x[3], y[0]);
}
