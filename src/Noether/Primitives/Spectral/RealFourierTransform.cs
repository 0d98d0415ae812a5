using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// The first n/2 + 1 Fourier coefficients of n real numbers along an axis, as real and imaginary parts: the forward
/// <see cref="FourierTransform"/> without the half that symmetry gives. No factor 1/n.
/// </summary>
/// <param name="Axis">The axis transformed; not empty.</param>
public sealed record RealFourierTransform(int Axis) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new RealFourierTransform(0), Sampling.Values([6])),
        new(new RealFourierTransform(1), Sampling.Values([2, 5])),
        new(new RealFourierTransform(1), Sampling.Values([2, 4, 3])),
        new(new RealFourierTransform(0), Sampling.Values([1, 2])),
        new(new RealFourierTransform(1), Sampling.Values([0, 3])),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = new TensorType(x[0].Shape.With(Axis, Kept(x[0].Shape[Axis])), Rules.Floating(Name, [x[0].DType]));
        return [type, type];
    }

    // The inverse transform counts every coefficient but the first (and the middle one) twice: its own and its mirror image's.
    internal override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted)
    {
        var n = x[0].Shape[Axis];
        var once = 1 / Multiplicity(cotangents[0], Axis, n);
        return [Tensor.Apply(new InverseRealFourierTransform(Axis, n), cotangents[0] * once, cotangents[1] * once)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Tensor.ApplyMany(new RealFourierTransform(Axis + 1), x);

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, n, inner) = Take.Split(x[0].Shape, Axis);
        device.RealFourierTransform(x[0], y[0], y[1], outer, n, inner);
    }

    internal override Tensor[] Definition(Tensor[] x)
    {
        var kept = Kept(x[0].Shape[Axis]);
        return Array.ConvertAll(
            Tensor.ApplyMany(new FourierTransform(Axis, false), x[0], x[0].ZerosLike()),
            y => y.Narrow(Axis, 0, kept));
    }

    /// <summary>How many coefficients say everything.</summary>
    internal static int Kept(int n) => n / 2 + 1;

    /// <summary>1 for the coefficients that are their own mirror image, 2 for the others; along an axis of <paramref name="like"/>.</summary>
    internal static Tensor Multiplicity(Tensor like, int axis, int n)
    {
        var k = Tensor.Arange(Kept(n), DType.Int32, like.Device);
        var own = k.Equal(0) | (2 * k).Equal(n);
        return Tensor.Select(own, 1, Tensor.Full(k.Shape, 2, like.DType, like.Device))
            .Reshape([Kept(n), .. Enumerable.Repeat(1, like.Rank - 1 - axis)]);
    }
}
