using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// The discrete Fourier transform along an axis, of complex numbers as two tensors (real and imaginary parts):
/// <c>Y[k] = Σ_t X[t] e^(∓2πi kt/n)</c>, minus for the forward transform, times a factor.
/// </summary>
/// <remarks>The matrix is symmetric, so that the transpose on pairs of real tensors is the transform of the opposite sign.</remarks>
/// <param name="Axis">The axis transformed; not empty.</param>
/// <param name="Inverse">True for the plus sign.</param>
/// <param name="Scale">The factor.</param>
public sealed record FourierTransform(int Axis, bool Inverse, double Scale = 1) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new FourierTransform(0, false), Sampling.Values([6]), Sampling.Values([6], seed: 1)),
        new(new FourierTransform(1, true, 0.2), Sampling.Values([2, 5]), Sampling.Values([2, 5], seed: 1)),
        new(new FourierTransform(1, false), Sampling.Values([2, 4, 3]), Sampling.Values([2, 4, 3], seed: 1)),
        new(new FourierTransform(0, true), Sampling.Values([1, 2]), Sampling.Values([1, 2], seed: 1)),
        new(new FourierTransform(1, false), Sampling.Values([0, 3]), Sampling.Values([0, 3], seed: 1)),
    ];

    internal override int LinearOperands(int operands) => 2;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Rules.Floating(Name, [x[0].DType, x[1].DType]);
        if (!x[0].Shape.Equals(x[1].Shape)) throw new ShapeException($"{Name}: parts differ in shape: {x[0].Shape} and {x[1].Shape}");
        return [new(x[0].Shape, type), new(x[0].Shape, type)];
    }

    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) =>
        Tensor.ApplyMany(this with { Inverse = !Inverse }, cotangents);

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(this with { Axis = Axis + 1 }, WithBatch(x[0], batched[0], size), WithBatch(x[1], batched[1], size));

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, n, inner) = Take.Split(x[0].Shape, Axis);
        device.FourierTransform(x[0], x[1], y[0], y[1], outer, n, inner, Inverse, Scale);
    }

    // n² instead of n log n operations, but matrix products run at full speed everywhere.
    internal override Tensor[] Definition(Tensor[] x)
    {
        var n = x[0].Shape[Axis];
        Tensor re = x[0].MoveAxis(Axis, -1), im = x[1].MoveAxis(Axis, -1);
        var t = Tensor.Arange(n, DType.Int64, re.Device);
        var angle = (t.Reshape([n, 1]) * t).Remainder(n).To(DType.Float64) * (2 * Math.PI / n); // reduced before it is rounded
        Tensor cos = (angle.Cos() * Scale).To(re.DType), sin = (angle.Sin() * (Inverse ? Scale : -Scale)).To(re.DType);
        return
        [
            (re.MatMul(cos) - im.MatMul(sin)).MoveAxis(-1, Axis),
            (re.MatMul(sin) + im.MatMul(cos)).MoveAxis(-1, Axis),
        ];
    }
}
