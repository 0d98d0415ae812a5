using static Noether.LinearAlgebra;
using static Noether.Tests.LinearAlgebra.Examples;

namespace Noether.Tests.LinearAlgebra;

// Tolerances: as in FactorisationTests; the systems are well-conditioned.
[Parallelizable(ParallelScope.All)]
public class SystemTests
{
    private const double Tolerance = 1e-10;

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void A_solution_solves(ushort seed)
    {
        var n = seed % 70 + 1;
        Tensor a = Regular(n, seed), b = Random([n, 3], seed + 1);
        Close(a.MatMul(Solve(a, b)), b, Tolerance);
        Close(Inverse(a).MatMul(a), Tensor.Eye(n, DType.Float64), Tolerance);
        Close(a.MatMul(Solve(a, b.Narrow(1, 0, 1).Squeeze(1))), b.Narrow(1, 0, 1).Squeeze(1), Tolerance);
    }

    [Test]
    public void Rows_are_exchanged_where_they_must_be()
    {
        var a = Tensor.From([0.0, 2.0, 3.0, 0.0], [2, 2]);
        Assert.That(Solve(a, Tensor.From([4.0, 6.0])).ToArray<double>(), Is.EqualTo((double[])[2, 2]));
        Assert.That(Determinant(a).Item(), Is.EqualTo(-6).Within(1e-14));
    }

    [Test]
    public void Triangles_are_solved_with_in_every_way(
        [Values(1, 5, 33, 70)] int n, [Values] bool lower, [Values] bool transposed, [Values] bool unit)
    {
        Tensor a = Regular(n, n) / (2 * n), b = Random([2, n, 2], 7); // unit triangles keep small entries beside their ones
        var triangle = lower ? a.LowerTriangle() : a.UpperTriangle();
        if (unit) triangle = triangle - a.Diagonal().DiagonalMatrix() + Tensor.Eye(n, DType.Float64);
        var x = SolveTriangular(a, b, lower, transposed, unit);
        Close((transposed ? triangle.Transpose() : triangle).MatMul(x), b, Tolerance);
        var single = SolveTriangular(a.To(DType.Float32), b.To(DType.Float32), lower, transposed, unit);
        Close(single.To(DType.Float64), x, 1e-4);
    }

    [Test]
    public void A_cholesky_factor_solves()
    {
        Tensor a = Definite(6, 1), b = Random([6], 2);
        Close(a.MatMul(SolveCholesky(Cholesky(a), b)), b, Tolerance);
    }

    [Test]
    public void Leading_axes_broadcast()
    {
        Tensor a = Tensor.Stack(0, Regular(3, 1), Regular(3, 2)), b = Random([4, 1, 3, 2], 3);
        var x = Solve(a, b);
        Assert.That(x.Shape, Is.EqualTo(Shape.Create([4, 2, 3, 2])));
        Close(a.MatMul(x), b.BroadcastTo(x.Shape), Tolerance);
    }

    [FsCheck.NUnit.Property(MaxTest = 25, QuietOnSuccess = true)]
    public void Least_squares_leave_a_residual_orthogonal_to_the_columns(ushort seed)
    {
        int n = seed % 4 + 1, m = n + seed / 4 % 5;
        Tensor a = Random([m, n], seed) + 3 * Tensor.Concatenate(0, Tensor.Eye(n, DType.Float64), Tensor.Zeros([m - n, n], DType.Float64)), b = Random([m, 2], seed + 1);
        var x = LeastSquares(a, b);
        Close(a.Transpose().MatMul(a.MatMul(x) - b), Tensor.Zeros([n, 2], DType.Float64), Tolerance);
        Close(PseudoInverse(a).MatMul(b), x, Tolerance);

        var wide = a.Transpose();
        var shortest = LeastSquares(wide, x);
        Close(wide.MatMul(shortest), x, Tolerance);
        Close(PseudoInverse(wide).MatMul(x), shortest, Tolerance);
    }

    [Test]
    public void The_pseudo_inverse_of_a_matrix_of_lower_rank_satisfies_penrose()
    {
        var a = Random([5, 2], 1).MatMul(Random([2, 4], 2));
        var p = PseudoInverse(a);
        Close(a.MatMul(p).MatMul(a), a, Tolerance);
        Close(p.MatMul(a).MatMul(p), p, Tolerance);
        Close(a.MatMul(p), a.MatMul(p).Transpose(), Tolerance);
        Close(p.MatMul(a), p.MatMul(a).Transpose(), Tolerance);
        Assert.That(Rank(a).Item(), Is.EqualTo(2));
    }

    [Test]
    public void A_gradient_through_a_solution_is_that_of_the_inverse()
    {
        Tensor a = Regular(4, 1), b = Random([4], 2);
        var solved = Transform.Grad(m => Solve(m, b).Square().Sum())(a);
        var inverted = Transform.Grad(m => Inverse(m).MatMul(b).Square().Sum())(a);
        Close(solved, inverted, Tolerance);
    }

    [Test]
    public void A_factorisation_is_shared_by_a_value_and_its_gradient()
    {
        Tensor a = Regular(4, 1), b = Random([4], 2);
        var (value, gradient) = Transform.ValueAndGrad(m => Solve(m, b).Square().Sum())(a);
        var plan = Noether.Graphs.Planner.ForEvaluation(a.Device, [value, gradient]).Plan;
        Assert.That(plan.Steps.Count(step => step.Primitive is Noether.Primitives.Lu), Is.EqualTo(1));
    }

    [Test]
    public void Mistakes_are_named()
    {
        Tensor a = Tensor.Eye(2), b = Tensor.Zeros([3, 1]);
        Assert.That(() => Solve(a, b), Throws.TypeOf<ShapeException>().With.Message.Contains("Solve: the right side [3, 1] does not fit the matrix [2, 2]"));
        Assert.That(() => SolveTriangular(a, b), Throws.TypeOf<ShapeException>().With.Message.Contains("SolveTriangular"));
        Assert.That(() => LeastSquares(a, b), Throws.TypeOf<ShapeException>().With.Message.Contains("LeastSquares"));
        Assert.That(() => Inverse(b), Throws.TypeOf<ShapeException>().With.Message.Contains("[3, 1]"));
        var singular = Tensor.Stack(0, a, Tensor.Ones([2, 2]));
        Assert.That(() => Solve(singular, Tensor.Ones([2])).Evaluate(), Throws.TypeOf<MatrixException>().With.Message.Contains("Solve: matrix 1 of [2, 2, 2] is singular"));
        Assert.That(() => SolveTriangular(Tensor.Zeros([2, 2]), Tensor.Ones([2])).Evaluate(), Throws.TypeOf<MatrixException>().With.Message.Contains("SolveTriangular: the matrix [2, 2] is singular"));
    }
}
