namespace Noether;

public static partial class Fourier
{
    /// <summary>The frequencies of the coefficients of a complex transform, in cycles a unit: 0, 1, …, -2, -1 over n · spacing.</summary>
    /// <param name="n">Transform length.</param>
    /// <param name="spacing">Distance between points.</param>
    /// <param name="type">A floating type.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <exception cref="ShapeException">The length is not positive.</exception>
    public static Tensor FftFrequencies(int n, double spacing = 1, DType type = DType.Float32, Device? device = null)
    {
        Length("FftFrequencies", n, [n]);
        var k = Tensor.Arange(n, DType.Float64, device);
        return (Tensor.Select(k < (n + 1) / 2, k, k - n) / (n * spacing)).To(type);
    }

    /// <summary>The frequencies of the coefficients of a real transform, in cycles a unit: 0, 1, …, n/2 over n · spacing.</summary>
    /// <inheritdoc cref="FftFrequencies"/>
    public static Tensor RealFftFrequencies(int n, double spacing = 1, DType type = DType.Float32, Device? device = null)
    {
        Length("RealFftFrequencies", n, [n]);
        return (Tensor.Arange(Primitives.RealFourierTransform.Kept(n), DType.Float64, device) / (n * spacing)).To(type);
    }

    /// <summary>Moves frequency 0 from the start to the middle of axes.</summary>
    /// <param name="x">Coefficients.</param>
    /// <param name="axes">Default: all.</param>
    public static Tensor FftShift(Tensor x, params int[] axes) => Rolled("FftShift", x, axes, static n => n / 2);

    /// <inheritdoc cref="FftShift(Tensor, int[])"/>
    public static ComplexTensor FftShift(ComplexTensor x, params int[] axes) => new(FftShift(x.Real, axes), FftShift(x.Imaginary, axes));

    /// <summary>Moves frequency 0 from the middle to the start of axes: the inverse of <see cref="FftShift(Tensor, int[])"/> for every size.</summary>
    /// <inheritdoc cref="FftShift(Tensor, int[])"/>
    public static Tensor InverseFftShift(Tensor x, params int[] axes) => Rolled("InverseFftShift", x, axes, static n => (n + 1) / 2);

    /// <inheritdoc cref="InverseFftShift(Tensor, int[])"/>
    public static ComplexTensor InverseFftShift(ComplexTensor x, params int[] axes) =>
        new(InverseFftShift(x.Real, axes), InverseFftShift(x.Imaginary, axes));

    private static Tensor Rolled(string operation, Tensor x, int[] axes, Func<int, int> by)
    {
        if (axes.Length == 0) axes = [.. Enumerable.Range(0, x.Rank)];
        foreach (var named in axes)
        {
            var axis = x.Shape.Axis(named, operation);
            var n = x.Shape[axis];
            var first = n - by(n);
            if (first != n) x = Tensor.Concatenate(axis, x.Narrow(axis, first, n - first), x.Narrow(axis, 0, first));
        }

        return x;
    }
}
