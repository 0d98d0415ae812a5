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
        }
    }

    private static Tensor Start(int size) => RandomKey.From(11).Normal([size], type: DType.Float64);

    private static Tensor Symmetric(int size, long seed)
    {
        var x = RandomKey.From(seed).Normal([size, size], type: DType.Float64);
        return ((x + x.SwapAxes(0, 1)) / Math.Sqrt(2)).Evaluate();
    }
}
