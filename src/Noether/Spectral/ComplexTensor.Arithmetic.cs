namespace Noether;

public sealed partial class ComplexTensor
{
    /// <summary>The sum, element by element; shapes broadcast.</summary>
    public static ComplexTensor operator +(ComplexTensor x, ComplexTensor y) => new(x.Real + y.Real, x.Imaginary + y.Imaginary);

    /// <summary>The sum with a real number.</summary>
    public static ComplexTensor operator +(ComplexTensor x, Scalar y) => new(x.Real + y, x.Imaginary);

    /// <summary>The sum with a real number.</summary>
    public static ComplexTensor operator +(Scalar x, ComplexTensor y) => y + x;

    /// <summary>The difference, element by element; shapes broadcast.</summary>
    public static ComplexTensor operator -(ComplexTensor x, ComplexTensor y) => new(x.Real - y.Real, x.Imaginary - y.Imaginary);

    /// <summary>The difference with a real number.</summary>
    public static ComplexTensor operator -(ComplexTensor x, Scalar y) => new(x.Real - y, x.Imaginary);

    /// <summary>The difference with a real number.</summary>
    public static ComplexTensor operator -(Scalar x, ComplexTensor y) => new(x - y.Real, -y.Imaginary);

    /// <summary>The negative.</summary>
    public static ComplexTensor operator -(ComplexTensor x) => new(-x.Real, -x.Imaginary);

    /// <summary>The product, element by element; shapes broadcast.</summary>
    public static ComplexTensor operator *(ComplexTensor x, ComplexTensor y) =>
        new(x.Real * y.Real - x.Imaginary * y.Imaginary, x.Real * y.Imaginary + x.Imaginary * y.Real);

    /// <summary>The product with a real tensor: half the work of a complex one.</summary>
    public static ComplexTensor operator *(ComplexTensor x, Tensor y) => new(x.Real * y, x.Imaginary * y);

    /// <summary>The product with a real tensor: half the work of a complex one.</summary>
    public static ComplexTensor operator *(Tensor x, ComplexTensor y) => y * x;

    /// <summary>The product with a real number.</summary>
    public static ComplexTensor operator *(ComplexTensor x, Scalar y) => new(x.Real * y, x.Imaginary * y);

    /// <summary>The product with a real number.</summary>
    public static ComplexTensor operator *(Scalar x, ComplexTensor y) => y * x;

    /// <summary>The quotient, element by element, without overflow or underflow on the way; shapes broadcast.</summary>
    public static ComplexTensor operator /(ComplexTensor x, ComplexTensor y)
    {
        if (Shape.Broadcast(x.Shape, y.Shape) is null) throw new ShapeException($"Divide: shapes do not broadcast: {x.Shape} and {y.Shape}");

        // Dividing both by the larger part of y cancels, so that its derivative may be left out.
        var scale = y.Real.Abs().Maximum(y.Imaginary.Abs()).StopGradient();
        var safe = 1 / Tensor.Select(scale > 0, scale, 1);
        ComplexTensor above = x * safe, below = y * safe;
        return above * below.Conjugate() * (1 / below.SquaredAbs());
    }

    /// <summary>The quotient by a real tensor.</summary>
    public static ComplexTensor operator /(ComplexTensor x, Tensor y) => new(x.Real / y, x.Imaginary / y);

    /// <summary>The quotient by a real number.</summary>
    public static ComplexTensor operator /(ComplexTensor x, Scalar y) => new(x.Real / y, x.Imaginary / y);

    /// <summary>The quotient of a real number.</summary>
    public static ComplexTensor operator /(Scalar x, ComplexTensor y) => From(Tensor.Full([], x, y.DType, y.Device)) / y;

    /// <summary>x - iy.</summary>
    public ComplexTensor Conjugate() => new(Real, -Imaginary);

    /// <summary>The product with i.</summary>
    public ComplexTensor TimesI() => new(-Imaginary, Real);

    /// <summary>√(x² + y²) without overflow on the way; the derivative at 0 is 0.</summary>
    public Tensor Abs() => Real.Hypot(Imaginary);

    /// <summary>x² + y²: smooth everywhere, and cheaper than the square of <see cref="Abs"/>.</summary>
    public Tensor SquaredAbs() => Real * Real + Imaginary * Imaginary;

    /// <summary>The angle in (-π, π].</summary>
    public Tensor Angle() => Imaginary.Atan2(Real);

    /// <summary>e^z.</summary>
    public ComplexTensor Exp() => FromPolar(Real.Exp(), Imaginary);

    /// <summary>The principal logarithm: ln|z| + i angle.</summary>
    public ComplexTensor Log() => new(Abs().Log(), Angle());

    /// <summary>The sum of all elements.</summary>
    public ComplexTensor Sum() => Map(static part => part.Sum());

    /// <summary>The sum along axes.</summary>
    /// <param name="axes">The axes that disappear, or stay with size 1.</param>
    /// <param name="keepAxes">Whether they stay.</param>
    public ComplexTensor Sum(int[] axes, bool keepAxes = false) => Map(part => part.Sum(axes, keepAxes));

    /// <summary>The sum along an axis.</summary>
    public ComplexTensor Sum(int axis, bool keepAxis = false) => Map(part => part.Sum(axis, keepAxis));

    /// <summary>The mean along axes.</summary>
    /// <inheritdoc cref="Sum(int[], bool)"/>
    public ComplexTensor Mean(int[] axes, bool keepAxes = false) => Map(part => part.Mean(axes, keepAxes));

    /// <summary>The matrix product over the last two axes; leading axes broadcast. Not conjugated: see <see cref="Adjoint"/>.</summary>
    /// <exception cref="ShapeException">Inner sizes or leading axes do not fit.</exception>
    public ComplexTensor MatMul(ComplexTensor y) =>
        new(Real.MatMul(y.Real) - Imaginary.MatMul(y.Imaginary), Real.MatMul(y.Imaginary) + Imaginary.MatMul(y.Real));
}
