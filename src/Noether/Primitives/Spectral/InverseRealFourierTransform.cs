using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// The real numbers whose coefficients, n/2 + 1 along the last of neighbouring axes, are given as real and imaginary parts, times their number
/// and a factor: the inverse <see cref="FourierTransform"/> of the coefficients and their mirror images.
/// </summary>
/// <remarks>The imaginary parts of the coefficients that are their own mirror image (the first, and the middle one for even n) count as zero, once the leading axes are transformed.</remarks>
/// <param name="Axis">The last axis transformed.</param>
/// <param name="N">Its size in the result, at least 1.</param>
/// <param name="Leading">How many axes just before it are transformed too.</param>
/// <param name="Scale">The factor.</param>
public sealed record InverseRealFourierTransform(int Axis, int N, int Leading = 0, double Scale = 1) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new InverseRealFourierTransform(0, 6), Sampling.Values([4]), Sampling.Values([4], seed: 1)),
        new(new InverseRealFourierTransform(1, 5, 0, 0.2), Sampling.Values([2, 3]), Sampling.Values([2, 3], seed: 1)),
        new(new InverseRealFourierTransform(1, 4), Sampling.Values([2, 3, 3]), Sampling.Values([2, 3, 3], seed: 1)),
        new(new InverseRealFourierTransform(0, 1), Sampling.Values([1, 2]), Sampling.Values([1, 2], seed: 1)),
        new(new InverseRealFourierTransform(1, 3), Sampling.Values([0, 2]), Sampling.Values([0, 2], seed: 1)),
        new(new InverseRealFourierTransform(1, 4, 1), Sampling.Values([3, 3]), Sampling.Values([3, 3], seed: 1)),
        new(new InverseRealFourierTransform(2, 3, 1, 0.25), Sampling.Values([2, 4, 2, 2]), Sampling.Values([2, 4, 2, 2], seed: 1)),
        new(new InverseRealFourierTransform(2, 3, 2), Sampling.Values([2, 3, 2]), Sampling.Values([2, 3, 2], seed: 1)),
    ];

    internal override int LinearOperands(int operands) => 2;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Rules.Floating(Name, [x[0].DType, x[1].DType]);
        if (!x[0].Shape.Equals(x[1].Shape)) throw new ShapeException($"{Name}: parts differ in shape: {x[0].Shape} and {x[1].Shape}");
        var kept = RealFourierTransform.Kept(N);
        return x[0].Shape[Axis] == kept
            ? [new(x[0].Shape.With(Axis, N), type)]
            : throw new ShapeException($"{Name}: {N} points need {kept} coefficients along axis {Axis}, not {x[0].Shape}");
    }

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted)
    {
        var weight = RealFourierTransform.Multiplicity(cotangents[0], Axis, N);
        return Array.ConvertAll(Tensor.ApplyMany(new RealFourierTransform(Axis, Leading, Scale), cotangents[0]), y => y * weight);
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        [Tensor.Apply(this with { Axis = Axis + 1 }, WithBatch(x[0], batched[0], size), WithBatch(x[1], batched[1], size))];

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, inner) = RealFourierTransform.Around(y[0].Shape, Axis, Leading);
        device.InverseRealFourierTransform(x[0], x[1], y[0], outer, ((int[])[.. y[0].Shape]).AsSpan(Axis - Leading, Leading + 1), inner, Scale);
    }

    // A coefficient and its mirror image give conjugate terms: twice the real part of one.
    internal override Tensor[] Definition(Tensor[] x)
    {
        for (var axis = Axis - Leading; axis < Axis; axis++) x = Tensor.ApplyMany(new FourierTransform(axis, true), x);
        var weight = RealFourierTransform.Multiplicity(x[0], Axis, N);
        var zeros = x[0].Shape.With(Axis, N - RealFourierTransform.Kept(N));
        var full = Array.ConvertAll(x, part => Tensor.Concatenate(Axis, part * weight, Tensor.Zeros(zeros, part.DType, part.Device)));
        return [Tensor.ApplyMany(new FourierTransform(Axis, true, Scale), full)[0]];
    }
}
