using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// The Fourier coefficients of real numbers along neighbouring axes, as real and imaginary parts, times a factor: the forward
/// <see cref="FourierTransform"/> without the half that symmetry gives, so the last of the axes keeps n/2 + 1.
/// </summary>
/// <param name="Axis">The last axis transformed; not empty.</param>
/// <param name="Leading">How many axes just before it are transformed too.</param>
/// <param name="Scale">The factor.</param>
public sealed record RealFourierTransform(int Axis, int Leading = 0, double Scale = 1) : LinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new RealFourierTransform(0), Sampling.Values([6])),
        new(new RealFourierTransform(1, 0, 0.5), Sampling.Values([2, 5])),
        new(new RealFourierTransform(1), Sampling.Values([2, 4, 3])),
        new(new RealFourierTransform(0), Sampling.Values([1, 2])),
        new(new RealFourierTransform(1), Sampling.Values([0, 3])),
        new(new RealFourierTransform(1, 1), Sampling.Values([3, 4])),
        new(new RealFourierTransform(2, 1, 0.25), Sampling.Values([2, 4, 3, 2])),
        new(new RealFourierTransform(2, 2), Sampling.Values([2, 3, 2])),
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
        return [Tensor.Apply(new InverseRealFourierTransform(Axis, n, Leading, Scale), cotangents[0] * once, cotangents[1] * once)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Tensor.ApplyMany(this with { Axis = Axis + 1 }, x);

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        var (outer, inner) = Around(x[0].Shape, Axis, Leading);
        device.RealFourierTransform(x[0], y[0], y[1], outer, ((int[])[.. x[0].Shape]).AsSpan(Axis - Leading, Leading + 1), inner, Scale);
    }

    internal override Tensor[] Definition(Tensor[] x)
    {
        var kept = Kept(x[0].Shape[Axis]);
        var y = Array.ConvertAll(
            Tensor.ApplyMany(new FourierTransform(Axis, false, Scale), x[0], x[0].ZerosLike()),
            part => part.Narrow(Axis, 0, kept));
        for (var axis = Axis - 1; axis >= Axis - Leading; axis--) y = Tensor.ApplyMany(new FourierTransform(axis, false), y);
        return y;
    }

    /// <summary>How many coefficients say everything.</summary>
    internal static int Kept(int n) => n / 2 + 1;

    /// <summary>Elements before and after the transformed axes.</summary>
    internal static (long Outer, long Inner) Around(Shape shape, int axis, int leading)
    {
        long outer = 1, inner = 1;
        for (var i = 0; i < axis - leading; i++) outer *= shape[i];
        for (var i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return (outer, inner);
    }

    /// <summary>1 for the coefficients that are their own mirror image, 2 for the others; along an axis of <paramref name="like"/>.</summary>
    internal static Tensor Multiplicity(Tensor like, int axis, int n)
    {
        var k = Tensor.Arange(Kept(n), DType.Int32, like.Device);
        var own = k.Equal(0) | (2 * k).Equal(n);
        return Tensor.Select(own, 1, Tensor.Full(k.Shape, 2, like.DType, like.Device))
            .Reshape([Kept(n), .. Enumerable.Repeat(1, like.Rank - 1 - axis)]);
    }
}
