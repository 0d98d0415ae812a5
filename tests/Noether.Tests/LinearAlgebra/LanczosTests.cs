using MathNet.Numerics.LinearAlgebra;

using static Noether.Transform;

namespace Noether.Tests.LinearAlgebra;

public sealed class LanczosTests
{
    [TestCase(1, 1)]
    [TestCase(5, 5)]
    [TestCase(40, 3)]
    [TestCase(200, 4)]
    public void The_largest_eigenpairs_are_those_of_the_dense_matrix(int size, int count)
    {
        var matrix = Symmetric(size, seed: 7);
        var expected = Matrix<double>.Build.DenseOfRowMajor(size, size, matrix.ToArray<double>()).Evd(Symmetricity.Symmetric).EigenValues;

        var found = Lanczos.Largest(v => matrix.MatMul(v), Start(size), count, steps: size, tolerance: 1e-10);

        using (Assert.EnterMultipleScope())
        {
            // the error of an eigenvalue is below its residual, and the matrix's norm is about 2·√size
            Assert.That(found.Values, Is.EqualTo(Enumerable.Range(1, count).Select(i => expected[size - i].Real)).Within(1e-8));
            for (var i = 0; i < count; i++)
            {
                var vector = found.Vectors.Narrow(0, i, 1).Squeeze(0);
                Assert.That((matrix.MatMul(vector) - found.Values[i] * vector).Square().Sum().Sqrt().Item(), Is.LessThan(1e-7), $"pair {i}");
                Assert.That(vector.Square().Sum().Item(), Is.EqualTo(1).Within(1e-12), $"length {i}");
            }
        }
    }

    [Test]
    public void It_stops_as_soon_as_the_residuals_are_small()
    {
        // three outliers over a flat bulk: a few steps separate them
        var diagonal = Tensor.From([.. Enumerable.Range(0, 497).Select(i => i / 497.0), 50, 100, 200]);

        var found = Lanczos.Largest(v => diagonal * v, Start(500), 3, tolerance: 1e-8);

        Assert.That(found.Steps, Is.LessThan(20));
        Assert.That(found.Values, Is.EqualTo([200, 100, 50.0]).Within(1e-6));
        Assert.That(found.Residuals, Has.All.LessThanOrEqualTo(200 * 1e-8));
    }

    [Test]
    public void Repeated_eigenvalues_are_found_as_often_as_they_are_there()
    {
        var diagonal = Tensor.From([3.0, 1, 3, 3, 1, 1]);

        var found = Lanczos.Largest(v => diagonal * v, Start(6), 4);

        Assert.That(found.Values, Is.EqualTo([3, 3, 3, 1.0]).Within(1e-12));
    }

    [Test]
    public void The_zero_operator_has_zero_eigenvalues() =>
        Assert.That(Lanczos.Largest(v => v * 0, Start(4), 2).Values, Is.EqualTo([0.0, 0]));

    [Test]
    public void Float32_loses_no_more_than_its_own_rounding()
    {
        var matrix = Symmetric(120, seed: 3);
        var exact = Lanczos.Largest(v => matrix.MatMul(v), Start(120), 3, tolerance: 1e-10);
        var single = matrix.To(DType.Float32);

        var found = Lanczos.Largest(v => single.MatMul(v), Start(120).To(DType.Float32), 3, tolerance: 1e-5);

        // a residual of 1e-5 of the norm 22, and rounding of as much
        Assert.That(found.Values, Is.EqualTo(exact.Values).Within(5e-4));
        Assert.That(found.Vectors.DType, Is.EqualTo(DType.Float32));
    }

    [TestCase(60, 3, 2, null)]
    [TestCase(120, 5, 5, 25)]
    [TestCase(120, 0, 4, 20)]
    [TestCase(7, 4, 3, null)]
    public void Both_ends_are_those_of_the_dense_matrix_however_often_it_restarts(int size, int largest, int smallest, int? basis)
    {
        var matrix = Symmetric(size, seed: 5);
        var expected = Noether.LinearAlgebra.SymmetricEigenvalues(matrix).ToArray<double>().Reverse().ToArray();

        var found = Lanczos.Extremal(v => matrix.MatMul(v), Start(size), largest, smallest, tolerance: 1e-9, basis: basis);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Values, Is.EqualTo([.. expected[..largest], .. expected[^smallest..]]).Within(1e-7));
            Assert.That((found.Vectors.MatMul(matrix) - Tensor.From(found.Values.ToArray()).Unsqueeze(1) * found.Vectors).Abs().Max().Item(), Is.LessThan(1e-7));
            if (basis is { } room) Assert.That(found.Steps, Is.GreaterThan(room), "it restarted");
        }
    }

    [Test]
    public void The_projection_is_tridiagonal_in_an_orthonormal_basis_that_begins_with_the_start()
    {
        var matrix = Symmetric(50, seed: 2);

        var found = Lanczos.Project(v => matrix.MatMul(v), Start(50), 12);

        var (nodes, weights, _) = found.Quadrature();
        var first = Start(50) / Start(50).Norm();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((found.Basis.MatMul(matrix).MatMul(found.Basis.Transpose()) - Tensor.From(found.Matrix(), [12, 12])).Abs().Max().Item(), Is.LessThan(1e-12));
            Assert.That((found.Basis.MatMul(found.Basis.Transpose()) - Tensor.Eye(12, DType.Float64)).Abs().Max().Item(), Is.LessThan(1e-14));
            Assert.That((found.Basis[0] - first).Abs().Max().Item(), Is.LessThan(1e-15));
            // Gauss's rule of 12 nodes is exact up to degree 23
            Assert.That(nodes.Zip(weights, (t, w) => w * t * t * t).Sum(), Is.EqualTo(first.Inner(matrix.MatMul(matrix.MatMul(matrix.MatMul(first)))).Item()).Within(1e-10));
            Assert.That(found.IsClosed, Is.False);
        }
    }

    [Test]
    public void A_projection_ends_where_the_operator_leads_no_further()
    {
        var diagonal = Tensor.From([5.0, 4, 3, 2, 1]);

        var found = Lanczos.Project(v => diagonal * v, Tensor.From([1.0, 0, 1, 0, 0]), 5);

        Assert.That(found.IsClosed);
        Assert.That(found.Diagonal, Is.EqualTo([4.0, 4]).Within(1e-14));
    }

    [Test]
    public void The_hessian_of_a_function_serves_as_operator()
    {
        var x = Tensor.From([0.5, -1, 2]);

        var found = Lanczos.Largest(v => Hvp(y => (y * y * y * y).Sum(), x, v), Start(3), 2);

        // 12·y²
        Assert.That(found.Values, Is.EqualTo([48, 12.0]).Within(1e-10));
    }

    [Test]
    public void Wrong_calls_say_what_is_wrong()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Lanczos.Largest(v => v, Tensor.Zeros([2, 3]), 1), Throws.TypeOf<ShapeException>().With.Message.EqualTo("Lanczos: starts from a floating vector, not float32[2, 3]"));
            Assert.That(() => Lanczos.Largest(v => v, Start(3), 4), Throws.TypeOf<ShapeException>().With.Message.EqualTo("Lanczos: 4 eigenpairs of an operator on [3]"));
            Assert.That(() => Lanczos.Largest(v => v.Narrow(0, 0, 2), Start(3), 1), Throws.TypeOf<ShapeException>().With.Message.EqualTo("Lanczos: the operator makes [2] of [3]"));
            Assert.That(() => Lanczos.Largest(v => v, Start(3), 2, steps: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Lanczos.Largest(v => v, Tensor.Zeros([3]), 1), Throws.TypeOf<NumericsException>().With.Message.EqualTo("Lanczos: starts from zero"));
            Assert.That(() => Lanczos.Largest(v => v / 0, Start(3), 1), Throws.TypeOf<NumericsException>().With.Message.Contains("not finite"));
            Assert.That(() => Lanczos.Extremal(v => v, Start(3), 2, 2), Throws.TypeOf<ShapeException>().With.Message.EqualTo("Lanczos: 4 eigenpairs of an operator on [3]"));
            Assert.That(() => Lanczos.Extremal(v => v, Start(9), 2, 2, basis: 5), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("basis"));
            Assert.That(() => Lanczos.Project(v => v, Tensor.Zeros([2, 3]), 1), Throws.TypeOf<ShapeException>());
        }
    }

    private static Tensor Start(int size) => RandomKey.From(11).Normal([size], type: DType.Float64);

    private static Tensor Symmetric(int size, long seed)
    {
        var x = RandomKey.From(seed).Normal([size, size], type: DType.Float64);
        return ((x + x.SwapAxes(0, 1)) / Math.Sqrt(2)).Evaluate();
    }
}
