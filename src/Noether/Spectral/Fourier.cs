using Noether.Primitives;

namespace Noether;

/// <summary>Discrete Fourier transforms of every length along any axes, complex and real, with NumPy's conventions.</summary>
/// <remarks>
/// <c>X[k] = Σ_t x[t] e^(-2πi kt/n)</c>. A size given with <c>n</c> or <c>sizes</c> cuts the axis or fills it with zeros first. Cost: about
/// 5 n log₂ n operations a row for every n; half of that for real transforms. Derivatives are transforms again, at the same cost.
/// </remarks>
public static partial class Fourier
{
    /// <summary>The transform along one axis; a real tensor converts by itself.</summary>
    /// <param name="x">Points.</param>
    /// <param name="n">Transform length; default: the axis's size.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="norm">Where the factor 1/n goes.</param>
    /// <exception cref="ShapeException">The length is not positive.</exception>
    public static ComplexTensor Fft(ComplexTensor x, int? n = null, int axis = -1, FourierNorm norm = FourierNorm.Backward) =>
        Complex("Fft", x, n, axis, norm, inverse: false);

    /// <summary>The inverse transform along one axis.</summary>
    /// <inheritdoc cref="Fft"/>
    public static ComplexTensor InverseFft(ComplexTensor x, int? n = null, int axis = -1, FourierNorm norm = FourierNorm.Backward) =>
        Complex("InverseFft", x, n, axis, norm, inverse: true);

    /// <summary>The first n/2 + 1 coefficients of real points along one axis; the others are their mirror images' conjugates.</summary>
    /// <inheritdoc cref="Fft"/>
    public static ComplexTensor RealFft(Tensor x, int? n = null, int axis = -1, FourierNorm norm = FourierNorm.Backward) =>
        RealOne("RealFft", x, n, axis, norm);

    /// <summary>The real points of n/2 + 1 coefficients along one axis.</summary>
    /// <param name="x">Coefficients; the imaginary part of the first, and of the middle one for even n, counts as zero.</param>
    /// <param name="n">Length of the result; default: 2 (size - 1). Needed for odd lengths.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="norm">Where the factor 1/n goes.</param>
    /// <exception cref="ShapeException">The length is not positive.</exception>
    public static Tensor InverseRealFft(ComplexTensor x, int? n = null, int axis = -1, FourierNorm norm = FourierNorm.Backward) =>
        InverseRealOne("InverseRealFft", x, n, axis, norm);

    /// <summary>The transform along the last two axes, or two others.</summary>
    /// <inheritdoc cref="FftN"/>
    public static ComplexTensor Fft2(ComplexTensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        Many("Fft2", x, sizes, axes ?? [-2, -1], norm, inverse: false);

    /// <summary>The inverse transform along the last two axes, or two others.</summary>
    /// <inheritdoc cref="FftN"/>
    public static ComplexTensor InverseFft2(ComplexTensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        Many("InverseFft2", x, sizes, axes ?? [-2, -1], norm, inverse: true);

    /// <summary>The transform along several axes.</summary>
    /// <param name="x">Points.</param>
    /// <param name="sizes">Transform lengths, one an axis; default: the axes' sizes.</param>
    /// <param name="axes">Default: the last ones, as many as sizes; all if there are none.</param>
    /// <param name="norm">Where the factor 1/n goes, n being the product of the lengths.</param>
    /// <exception cref="ShapeException">Lengths and axes differ in number, or a length is not positive.</exception>
    public static ComplexTensor FftN(ComplexTensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        Many("FftN", x, sizes, axes, norm, inverse: false);

    /// <summary>The inverse transform along several axes.</summary>
    /// <inheritdoc cref="FftN"/>
    public static ComplexTensor InverseFftN(ComplexTensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        Many("InverseFftN", x, sizes, axes, norm, inverse: true);

    /// <summary>The transform of real points along the last two axes, or two others; the last of them keeps n/2 + 1 coefficients.</summary>
    /// <inheritdoc cref="FftN"/>
    public static ComplexTensor RealFft2(Tensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        RealMany("RealFft2", x, sizes, axes ?? [-2, -1], norm);

    /// <summary>The inverse of <see cref="RealFft2"/>.</summary>
    /// <inheritdoc cref="InverseRealFftN"/>
    public static Tensor InverseRealFft2(ComplexTensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        InverseRealMany("InverseRealFft2", x, sizes, axes ?? [-2, -1], norm);

    /// <summary>The transform of real points along several axes; the last of them keeps n/2 + 1 coefficients.</summary>
    /// <inheritdoc cref="FftN"/>
    public static ComplexTensor RealFftN(Tensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        RealMany("RealFftN", x, sizes, axes, norm);

    /// <summary>The inverse of <see cref="RealFftN"/>.</summary>
    /// <param name="x">Coefficients.</param>
    /// <param name="sizes">Lengths of the result; default: the axes' sizes, the last one 2 (size - 1).</param>
    /// <param name="axes">Default: the last ones, as many as sizes; all if there are none.</param>
    /// <param name="norm">Where the factor 1/n goes.</param>
    /// <exception cref="ShapeException">Lengths and axes differ in number, or a length is not positive.</exception>
    public static Tensor InverseRealFftN(ComplexTensor x, int[]? sizes = null, int[]? axes = null, FourierNorm norm = FourierNorm.Backward) =>
        InverseRealMany("InverseRealFftN", x, sizes, axes, norm);

    private static ComplexTensor RealOne(string operation, Tensor x, int? n, int axis, FourierNorm norm)
    {
        axis = x.Shape.Axis(axis, operation);
        var size = Length(operation, n ?? x.Shape[axis], x.Shape);
        var parts = Tensor.ApplyMany(new RealFourierTransform(axis, 0, Factor(size, norm, inverse: false)), Resized(x.Floating(), axis, size));
        return new(parts[0], parts[1]);
    }

    private static Tensor InverseRealOne(string operation, ComplexTensor x, int? n, int axis, FourierNorm norm)
    {
        axis = x.Shape.Axis(axis, operation);
        var size = Length(operation, n ?? 2 * (x.Shape[axis] - 1), x.Shape);
        var kept = RealFourierTransform.Kept(size);
        var transform = new InverseRealFourierTransform(axis, size, 0, Factor(size, norm, inverse: true));
        return Tensor.Apply(transform, Resized(x.Real, axis, kept), Resized(x.Imaginary, axis, kept));
    }

    private static ComplexTensor RealMany(string operation, Tensor x, int[]? sizes, int[]? axes, FourierNorm norm)
    {
        var (which, lengths) = Plan(operation, x.Shape, sizes, axes, lastSize: null);
        if (Neighbours(which))
        {
            var points = x.Floating();
            var factor = 1.0;
            for (var i = 0; i < which.Length; i++)
            {
                points = Resized(points, which[i], Length(operation, lengths[i], x.Shape));
                factor *= Factor(lengths[i], norm, inverse: false);
            }

            var parts = Tensor.ApplyMany(new RealFourierTransform(which[^1], which.Length - 1, factor), points);
            return new(parts[0], parts[1]);
        }

        var y = RealOne(operation, x, lengths[^1], which[^1], norm);
        for (var i = which.Length - 2; i >= 0; i--) y = Complex(operation, y, lengths[i], which[i], norm, inverse: false);
        return y;
    }

    private static Tensor InverseRealMany(string operation, ComplexTensor x, int[]? sizes, int[]? axes, FourierNorm norm)
    {
        var (which, lengths) = Plan(operation, x.Shape, sizes, axes, lastSize: static kept => 2 * (kept - 1));
        if (Neighbours(which))
        {
            Tensor re = x.Real, im = x.Imaginary;
            var factor = 1.0;
            for (var i = 0; i < which.Length; i++)
            {
                var size = Length(operation, lengths[i], x.Shape);
                var kept = i == which.Length - 1 ? RealFourierTransform.Kept(size) : size;
                (re, im) = (Resized(re, which[i], kept), Resized(im, which[i], kept));
                factor *= Factor(size, norm, inverse: true);
            }

            return Tensor.Apply(new InverseRealFourierTransform(which[^1], lengths[^1], which.Length - 1, factor), re, im);
        }

        for (var i = 0; i < which.Length - 1; i++) x = Complex(operation, x, lengths[i], which[i], norm, inverse: true);
        return InverseRealOne(operation, x, lengths[^1], which[^1], norm);
    }

    private static ComplexTensor Many(string operation, ComplexTensor x, int[]? sizes, int[]? axes, FourierNorm norm, bool inverse)
    {
        var (which, lengths) = Plan(operation, x.Shape, sizes, axes, lastSize: null);
        for (var i = which.Length - 1; i >= 0; i--) x = Complex(operation, x, lengths[i], which[i], norm, inverse);
        return x;
    }

    private static ComplexTensor Complex(string operation, ComplexTensor x, int? n, int axis, FourierNorm norm, bool inverse)
    {
        axis = x.Shape.Axis(axis, operation);
        var size = Length(operation, n ?? x.Shape[axis], x.Shape);
        var transform = new FourierTransform(axis, inverse, Factor(size, norm, inverse));
        var parts = Tensor.ApplyMany(transform, Resized(x.Real, axis, size), Resized(x.Imaginary, axis, size));
        return new(parts[0], parts[1]);
    }

    // Ascending without a gap: one primitive does them all.
    private static bool Neighbours(int[] axes) => axes.Length > 1 && axes[^1] - axes[0] == axes.Length - 1 && axes.SequenceEqual(axes.Order());

    private static (int[] Axes, int[] Lengths) Plan(string operation, Shape shape, int[]? sizes, int[]? axes, Func<int, int>? lastSize)
    {
        var count = axes?.Length ?? sizes?.Length ?? shape.Rank;
        if (count == 0) throw new ShapeException($"{operation}: no axes of {shape} to transform");
        if (sizes is not null && sizes.Length != count)
            throw new ShapeException($"{operation}: {sizes.Length} sizes for {count} axes of {shape}");
        var which = axes is null
            ? [.. Enumerable.Range(0, count).Select(i => shape.Axis(i - count, operation))]
            : Array.ConvertAll(axes, a => shape.Axis(a, operation));
        if (which.Distinct().Count() != count) throw new AxisException($"{operation}: an axis of {shape} is named twice: [{string.Join(", ", which)}]");
        foreach (var size in sizes ?? []) Length(operation, size, shape);
        var lengths = sizes ?? [.. which.Select((a, i) => i == count - 1 && lastSize is not null ? lastSize(shape[a]) : shape[a])];
        return (which, lengths);
    }

    private static int Length(string operation, int n, Shape shape) =>
        n > 0 ? n : throw new ShapeException($"{operation}: the length of a transform of {shape} is {n}, not positive");

    private static Tensor Resized(Tensor x, int axis, int size)
    {
        if (x.Shape[axis] >= size) return x.Narrow(axis, 0, size);
        var high = new int[x.Rank];
        high[axis] = size - x.Shape[axis];
        return Tensor.Apply(new Pad(Integers.Repeat(0, x.Rank), Integers.Repeat(0, x.Rank), [.. high]), x);
    }

    private static double Factor(int n, FourierNorm norm, bool inverse) => norm switch
    {
        FourierNorm.Ortho => 1 / Math.Sqrt(n),
        FourierNorm.Forward => inverse ? 1 : 1.0 / n,
        _ => inverse ? 1.0 / n : 1,
    };
}
