using System.Numerics;
using static Noether.Tests.Spectral.FourierTests;
using static Noether.Transform;

namespace Noether.Tests.Spectral;

public class ComplexTensorTests
{
    private static readonly Complex[] X = Numbers(6, seed: 1);
    private static readonly Complex[] Y = Numbers(6, seed: 2);
    private static readonly ComplexTensor Left = ComplexTensor.From(X);
    private static readonly ComplexTensor Right = ComplexTensor.From(Y);

    [Test]
    public void Arithmetic_is_that_of_complex_numbers()
    {
        Close(Left + Right, Both((x, y) => x + y));
        Close(Left - Right, Both((x, y) => x - y));
        Close(Left * Right, Both((x, y) => x * y));
        Close(Left / Right, Both((x, y) => x / y));
        Close(-Left, Each(x => -x));
        Close(Left * 2 + 1, Each(x => 2 * x + 1));
        Close(1 - 2 * Left, Each(x => 1 - 2 * x));
        Close((1 + Left) / 2 - 3, Each(x => (1 + x) / 2 - 3));
        Close(2 / Left, Each(x => 2 / x));
        Close(Left * Right.Real, Both((x, y) => x * y.Real));
        Close(Left / Right.Real, Both((x, y) => x / y.Real));
        Close(Left + Right.Real, Both((x, y) => x + y.Real));
    }

    [Test]
    public void Functions_are_those_of_complex_numbers()
    {
        Close(Left.Conjugate(), Each(Complex.Conjugate));
        Close(Left.TimesI(), Each(x => x * Complex.ImaginaryOne));
        Close(Left.Exp(), Each(Complex.Exp));
        Close(Left.Log(), Each(Complex.Log));
        Close(Left.Abs(), Each(x => Complex.Abs(x)));
        Close(Left.SquaredAbs(), Each(x => Complex.Abs(x) * Complex.Abs(x)));
        Close(Left.Angle(), Each(x => x.Phase));
        Close(ComplexTensor.FromPolar(Left.Abs(), Left.Angle()), X);
    }

    [Test]
    public void Quotients_neither_overflow_nor_underflow()
    {
        var huge = ComplexTensor.From([new(1e300, -1e300), new(1e-300, 1e-300)]);
        Close(huge / huge, [1, 1]);
    }

    [Test]
    public void Shapes_broadcast()
    {
        var column = Left.Reshape(6, 1);
        var sum = column * Right;
        Assert.That(sum.Shape, Is.EqualTo(Shape.Create([6, 6])));
        Assert.That(sum.ToArray()[7], Is.EqualTo(X[1] * Y[1]));
        Assert.That(new ComplexTensor(Tensor.Ones([2, 1]), Tensor.Zeros([3], DType.Float64)).ToString(), Is.EqualTo("complex(float64)[2, 3]"));
    }

    [Test]
    public void Matrix_products_and_adjoints_fit_together()
    {
        var a = Left.Reshape(2, 3);
        var product = a.MatMul(a.Adjoint()).ToArray();
        var expected = X[0] * Complex.Conjugate(X[3]) + X[1] * Complex.Conjugate(X[4]) + X[2] * Complex.Conjugate(X[5]);
        Assert.That(Complex.Abs(product[1] - expected), Is.LessThan(1e-14)); // three products of numbers below 2
        Assert.That(product[0].Imaginary, Is.Zero.Within(1e-14));
    }

    [Test]
    public void Sums_and_shapes_act_on_both_parts()
    {
        var a = Left.Reshape(2, -1);
        Close(a.Sum(), [X.Aggregate(Complex.Add)]);
        Close(a.Sum(0), [X[0] + X[3], X[1] + X[4], X[2] + X[5]]);
        Close(a.Mean([0], keepAxes: true), [(X[0] + X[3]) / 2, (X[1] + X[4]) / 2, (X[2] + X[5]) / 2]);
        Close(a.Permute(1, 0).Flatten(), [X[0], X[3], X[1], X[4], X[2], X[5]]);
        Close(a.Narrow(1, 1, 1).Squeeze(), [X[1], X[4]]);
        Close(ComplexTensor.Concatenate(0, Left, Right).Narrow(0, 5, 2), [X[5], Y[0]]);
        Assert.That(ComplexTensor.Stack(0, Left, Right).Shape, Is.EqualTo(Shape.Create([2, 6])));
        Assert.That(Left.Narrow(0, 2, 1).Item(), Is.EqualTo(X[2]));
    }

    [Test]
    public void The_gradient_of_the_squared_magnitude_of_a_quotient_is_exact()
    {
        // |a/z|² = |a|²/|z|², whose gradient is -2|a|² z/|z|⁴.
        var gradient = Grad<ComplexTensor>(z => (Left / z).SquaredAbs().Sum())(Right);
        Close(gradient, Both((x, y) => -2 * Math.Pow(Complex.Abs(x), 2) * y / Math.Pow(Complex.Abs(y), 4)));
    }

    [Test]
    public void A_batch_of_complex_arguments_is_mapped()
    {
        var rows = Left.Reshape(2, 3);
        var mapped = Vmap<ComplexTensor, ComplexTensor>(z => Fourier.Fft(z).Conjugate())(rows);
        Close(mapped, Fourier.Fft(rows).Conjugate().ToArray());
    }

    [Test]
    public void Parts_that_do_not_fit_are_refused() =>
        Assert.That(() => new ComplexTensor(Tensor.Zeros([2]), Tensor.Zeros([3])), Throws.TypeOf<ShapeException>().With.Message.Contains("[2] and [3]"));

    private static Complex[] Each(Func<Complex, Complex> f) => [.. X.Select(f)];

    private static Complex[] Both(Func<Complex, Complex, Complex> f) => [.. X.Zip(Y, f)];
}
