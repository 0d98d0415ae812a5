using static Noether.LinearAlgebra;
using static Noether.Tests.LinearAlgebra.Examples;

namespace Noether.Tests.LinearAlgebra;

// Tolerances: backward stable factorisations are off by a small multiple of n·ε·‖A‖; these matrices have n ≤ 150 and entries of order 1.
[Parallelizable(ParallelScope.All)]
public class FactorisationTests
{
    private const double Tolerance = 1e-11;

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void Cholesky_times_its_transpose_is_the_matrix(ushort seed)
    {
        var a = Definite(seed % 12 + 1, seed);
        var l = Cholesky(a);
        Close(l.MatMul(l.Transpose()), a, Tolerance);
        Close(l, l.LowerTriangle(), 0);
    }

    [Test]
    public void Cholesky_of_several_blocks_reconstructs([Values(31, 33, 64, 150)] int n)
    {
        var a = Definite(n, n);
        var l = Cholesky(a);
        Close(l.MatMul(l.Transpose()), a, Tolerance * n);
        Close(l, l.LowerTriangle(), 0);
        var single = Cholesky(a.To(DType.Float32));
        Close(single.MatMul(single.Transpose()).To(DType.Float64), a, 2e-5 * n);
    }

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void Lower_times_upper_is_the_matrix_with_rows_in_order(ushort seed)
    {
        var n = seed % 70 + 1;
        var a = Random([n, n], seed);
        var (order, lower, upper) = Lu(a);
        Close(lower.MatMul(upper), a.Take(order), Tolerance * n);
        Assert.That(order.ToArray<int>().Order(), Is.EqualTo(Enumerable.Range(0, n)));
        Assert.That(lower.Abs().Max().Item(), Is.EqualTo(1));
    }

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void Q_is_orthonormal_and_q_times_r_is_the_matrix(ushort seed)
    {
        int m = seed % 9 + 1, n = seed / 9 % 9 + 1, k = Math.Min(m, n);
        var a = Random([2, m, n], seed);
        var (q, r) = Qr(a);
        Assert.That((q.Shape, r.Shape), Is.EqualTo((Shape.Create([2, m, k]), Shape.Create([2, k, n]))));
        Close(q.MatMul(r), a, Tolerance);
        Close(q.SwapAxes(-2, -1).MatMul(q), Tensor.Eye(k, DType.Float64).BroadcastTo([2, k, k]), Tolerance);
        Close(r, r.UpperTriangle(), 0);
        Assert.That(r.Diagonal().Min().Item(), Is.GreaterThanOrEqualTo(0));
    }

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void Singular_vectors_are_orthonormal_and_reconstruct(ushort seed)
    {
        int m = seed % 9 + 1, n = seed / 9 % 9 + 1, k = Math.Min(m, n);
        var a = Random([2, m, n], seed);
        var (u, s, vt) = Svd(a);
        Assert.That((u.Shape, s.Shape, vt.Shape), Is.EqualTo((Shape.Create([2, m, k]), Shape.Create([2, k]), Shape.Create([2, k, n]))));
        Close((u * s.Unsqueeze(-2)).MatMul(vt), a, Tolerance);
        Close(u.SwapAxes(-2, -1).MatMul(u), Tensor.Eye(k, DType.Float64).BroadcastTo([2, k, k]), Tolerance);
        Close(vt.MatMul(vt.SwapAxes(-2, -1)), Tensor.Eye(k, DType.Float64).BroadcastTo([2, k, k]), Tolerance);
        Close(SingularValues(a), s, Tolerance);
        var values = s.ToArray<double>();
        for (var i = 1; i < k; i++) Assert.That(values[i], Is.InRange(0, values[i - 1]));
    }

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void Eigenvectors_are_orthonormal_and_diagonalise(ushort seed)
    {
        var n = seed % 12 + 1;
        var a = Random([n, n], seed);
        a += a.Transpose();
        var (values, vectors) = SymmetricEigen(a);
        Close(a.MatMul(vectors), vectors * values, Tolerance);
        Close(vectors.Transpose().MatMul(vectors), Tensor.Eye(n, DType.Float64), Tolerance);
        Close(SymmetricEigenvalues(a), values, Tolerance);
        Assert.That(values.ToArray<double>(), Is.Ordered);
        Close(values.Sum(), a.Trace(), Tolerance);
    }

    [Test]
    public void Equal_eigenvalues_give_finite_gradients()
    {
        var gradient = Transform.Grad(a => SymmetricEigen(a).Values.Square().Sum())(Tensor.Eye(3, DType.Float64));
        Close(gradient, 2 * Tensor.Eye(3, DType.Float64), Tolerance); // of tr A²
    }

    [Test]
    public void Numbers_that_are_not_finite_spread_and_end()
    {
        var a = Tensor.From([1.0, double.NaN, double.NaN, 2.0], [2, 2]);
        Assert.That(SingularValues(a).ToArray<double>(), Is.All.NaN);
        Assert.That(SymmetricEigen(a).Vectors.ToArray<double>(), Is.All.NaN);
        Assert.That(Qr(a).R.ToArray<double>(), Is.All.NaN);
    }

    [Test]
    public void Matrices_without_rows_or_columns_are_fine()
    {
        Assert.That(Svd(Tensor.Zeros([0, 3])).Vt.Shape, Is.EqualTo(Shape.Create([0, 3])));
        Assert.That(Qr(Tensor.Zeros([3, 0])).R.ToArray<float>(), Is.Empty);
        Assert.That(Determinant(Tensor.Zeros([0, 0])).Item(), Is.EqualTo(1));
    }

    [Test]
    public void Mistakes_are_named()
    {
        var wide = Tensor.Zeros([2, 3]);
        Assert.That(() => Cholesky(wide), Throws.TypeOf<ShapeException>().With.Message.Contains("Cholesky: the matrix is not square: [2, 3]"));
        Assert.That(() => SymmetricEigen(wide), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 3]"));
        Assert.That(() => Svd(Tensor.Zeros([4])), Throws.TypeOf<ShapeException>().With.Message.Contains("Svd: [4] is not a matrix"));
        var stack = Tensor.Stack(0, Tensor.Eye(2), -Tensor.Eye(2));
        Assert.That(() => Cholesky(stack).Evaluate(), Throws.TypeOf<MatrixException>().With.Message.Contains("Cholesky: matrix 1 of [2, 2, 2] is not positive definite"));
    }
}
