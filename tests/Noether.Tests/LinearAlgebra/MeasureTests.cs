using static Noether.LinearAlgebra;
using static Noether.Tests.LinearAlgebra.Examples;

namespace Noether.Tests.LinearAlgebra;

// Tolerances: as in FactorisationTests.
[Parallelizable(ParallelScope.All)]
public class MeasureTests
{
    private const double Tolerance = 1e-11;

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void The_determinant_of_a_product_is_the_product_of_determinants(ushort seed)
    {
        var n = seed % 6 + 1;
        Tensor a = Random([n, n], seed), b = Random([n, n], seed + 1);
        Close(Determinant(a.MatMul(b)), Determinant(a) * Determinant(b), Tolerance);
    }

    [Test]
    public void Signs_and_logarithms_of_determinants_do_not_overflow()
    {
        var a = Tensor.Concatenate(0, Tensor.Full([399], 1e10, DType.Float64), Tensor.Full([1], -1.0, DType.Float64)).DiagonalMatrix();
        var (sign, log) = LogDeterminant(a);
        Assert.That(sign.Item(), Is.EqualTo(-1));
        Assert.That(log.Item(), Is.EqualTo(3990 * Math.Log(10)).Within(1e-9));
        Assert.That(Determinant(Tensor.Ones([3, 3])).Item(), Is.Zero);
        Assert.That(LogDeterminant(Tensor.Ones([3, 3])).Sign.Item(), Is.Zero);
    }

    [Test]
    public void One_result_may_be_read_while_the_other_waits_to_be_used()
    {
        var (sign, log) = LogDeterminant(Regular(3, 1));
        var later = 2 * log;
        Assert.That(sign.Item(), Is.EqualTo(1));
        Assert.That(later.Item(), Is.EqualTo(2 * log.Item()));
    }

    [Test]
    public void The_gradient_of_the_log_determinant_is_the_inverse_transposed()
    {
        var a = Regular(4, 1);
        Close(Transform.Grad(m => LogDeterminant(m).Log)(a), Inverse(a).Transpose(), Tolerance);
        Close(Transform.Grad(Determinant)(a) / Determinant(a), Inverse(a).Transpose(), Tolerance);
    }

    [Test]
    public void Powers_are_repeated_products([Values(1, 2, 3, 6)] int k)
    {
        var a = Random([3, 3], 1) + Tensor.Eye(3, DType.Float64);
        var power = Enumerable.Repeat(a, k).Aggregate((x, y) => x.MatMul(y));
        Close(MatrixPower(a, k), power, Tolerance);
        Close(MatrixPower(a, -k).MatMul(power), Tensor.Eye(3, DType.Float64), 1e-8); // by the sixth power of the condition number
        Close(MatrixPower(a, 0), Tensor.Eye(3, DType.Float64), 0);
    }

    [Test]
    public void Norms_are_their_definitions()
    {
        var a = Tensor.From([3.0, 0.0, 4.0, 5.0], [2, 2]); // singular values √45 and √5
        Assert.That(Norm(a).Item(), Is.EqualTo(Math.Sqrt(50)).Within(Tolerance));
        Assert.That(Norm(a, MatrixNorm.Spectral).Item(), Is.EqualTo(Math.Sqrt(45)).Within(Tolerance));
        Assert.That(Norm(a, MatrixNorm.Nuclear).Item(), Is.EqualTo(Math.Sqrt(45) + Math.Sqrt(5)).Within(Tolerance));
        Assert.That(Norm(a, MatrixNorm.One).Item(), Is.EqualTo(7));
        Assert.That(Norm(a, MatrixNorm.Infinity).Item(), Is.EqualTo(9));
        Assert.That(ConditionNumber(a).Item(), Is.EqualTo(3).Within(Tolerance));
        Assert.That(Rank(a).Item(), Is.EqualTo(2));
        Assert.That(Rank(Tensor.Ones([3, 4])).Item(), Is.EqualTo(1));
    }
}
