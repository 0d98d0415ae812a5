using System.Numerics;

namespace Noether;

/// <summary>Complex numbers as two real tensors of one shape, so that derivatives are those of real functions of real and imaginary parts.</summary>
/// <remarks>
/// A tree of two tensors: transforms take it as an argument and as a result. The gradient of a real function with respect to z = x + iy is
/// ∂f/∂x + i ∂f/∂y, as in PyTorch: the direction of steepest ascent.
/// </remarks>
public sealed partial class ComplexTensor : ITensorTree<ComplexTensor>
{
    /// <summary>Joins parts; they are broadcast and promoted to one floating type.</summary>
    /// <param name="real">The real parts.</param>
    /// <param name="imaginary">The imaginary parts.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public ComplexTensor(Tensor real, Tensor imaginary)
    {
        var type = DTypes.Promote(real.DType, imaginary.DType).ToFloating();
        var shape = Shape.Broadcast(real.Shape, imaginary.Shape)
            ?? throw new ShapeException($"ComplexTensor: parts do not broadcast: {real.Shape} and {imaginary.Shape}");
        Real = real.To(type).BroadcastTo(shape);
        Imaginary = imaginary.To(type).BroadcastTo(shape);
    }

    /// <summary>The real parts.</summary>
    public Tensor Real { get; }

    /// <summary>The imaginary parts.</summary>
    public Tensor Imaginary { get; }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape => Real.Shape;

    /// <summary>The element type of each part.</summary>
    public DType DType => Real.DType;

    /// <summary>Where the parts live.</summary>
    public Device Device => Real.Device;

    /// <summary>The number of axes.</summary>
    public int Rank => Real.Rank;

    /// <summary>The number of complex elements.</summary>
    public long Size => Real.Size;

    IReadOnlyList<Tensor> ITensorTree<ComplexTensor>.Leaves => [Real, Imaginary];

    /// <summary>A real tensor with zeros for the imaginary parts.</summary>
    /// <param name="real">Any tensor.</param>
    public static implicit operator ComplexTensor(Tensor real) => From(real);

    /// <summary>A real tensor with zeros for the imaginary parts.</summary>
    /// <param name="real">Any tensor.</param>
    public static ComplexTensor From(Tensor real) => new(real, real.Floating().ZerosLike());

    /// <summary>A tensor from complex numbers in row-major order.</summary>
    /// <param name="values">The elements; copied.</param>
    /// <param name="shape">The sizes; default: one axis.</param>
    /// <param name="type">The type of the parts.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public static ComplexTensor From(ReadOnlySpan<Complex> values, Shape? shape = null, DType type = DType.Float64, Device? device = null)
    {
        double[] real = new double[values.Length], imaginary = new double[values.Length];
        for (var i = 0; i < values.Length; i++) (real[i], imaginary[i]) = (values[i].Real, values[i].Imaginary);
        return new(Tensor.From(real, shape, device).To(type), Tensor.From(imaginary, shape, device).To(type));
    }

    /// <summary>r e^(iφ).</summary>
    /// <param name="magnitude">r.</param>
    /// <param name="angle">φ in radians; shapes broadcast.</param>
    public static ComplexTensor FromPolar(Tensor magnitude, Tensor angle) =>
        Shape.Broadcast(magnitude.Shape, angle.Shape) is not null
            ? new(magnitude * angle.Cos(), magnitude * angle.Sin())
            : throw new ShapeException($"FromPolar: parts do not broadcast: {magnitude.Shape} and {angle.Shape}");

    /// <summary>Joins tensors along an axis.</summary>
    /// <exception cref="ShapeException">Shapes differ outside the axis.</exception>
    public static ComplexTensor Concatenate(int axis, params ComplexTensor[] tensors) =>
        new(Tensor.Concatenate(axis, Array.ConvertAll(tensors, z => z.Real)), Tensor.Concatenate(axis, Array.ConvertAll(tensors, z => z.Imaginary)));

    /// <summary>Joins tensors of one shape along a new axis.</summary>
    public static ComplexTensor Stack(int axis, params ComplexTensor[] tensors) =>
        new(Tensor.Stack(axis, Array.ConvertAll(tensors, z => z.Real)), Tensor.Stack(axis, Array.ConvertAll(tensors, z => z.Imaginary)));

    /// <summary>The parts converted to another floating type.</summary>
    public ComplexTensor To(DType type) => Map(part => part.To(type));

    /// <summary>Computes both parts now, together, and returns this.</summary>
    public ComplexTensor Evaluate()
    {
        Tensor.Evaluate(Real, Imaginary);
        return this;
    }

    /// <summary>The elements in row-major order.</summary>
    public Complex[] ToArray()
    {
        Evaluate();
        double[] real = Real.ToArray<double>(), imaginary = Imaginary.ToArray<double>();
        var values = new Complex[real.Length];
        for (var i = 0; i < values.Length; i++) values[i] = new(real[i], imaginary[i]);
        return values;
    }

    /// <summary>The value of a tensor of one element.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    public Complex Item() => new(Real.Item(), Imaginary.Item());

    /// <summary>Type and shape, for example <c>complex(float32)[3]</c>.</summary>
    public override string ToString() => $"complex({DType.Name()}){Shape}";

    ComplexTensor ITensorTree<ComplexTensor>.WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1]);

    private ComplexTensor Map(Func<Tensor, Tensor> f) => new(f(Real), f(Imaginary));
}
