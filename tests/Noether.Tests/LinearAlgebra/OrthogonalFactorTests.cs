using MathNet.Numerics.LinearAlgebra;
using Noether.Devices.Host;
using static Noether.LinearAlgebra;
using static Noether.Tests.LinearAlgebra.Examples;

namespace Noether.Tests.LinearAlgebra;

/// <summary>QR, singular values and symmetric eigenvalues of awkward matrices and of many sizes, against their defining equations and another library.</summary>
/// <remarks>Backward stable methods are off by a small multiple of √n·ε times the matrix' norm: 1e-13 of it for n ≤ 150 in float64.</remarks>
[Parallelizable(ParallelScope.All)]
public sealed class OrthogonalFactorTests
{
    private const double Tolerance = 1e-13;

    // Around strips of 32 columns, blocks of 32 reflections, and passes that several threads share.
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 31, 32, 33, 63, 65, 100, 150];

    private static readonly string[] Kinds = ["zero", "identity", "repeated", "rank one", "graded", "huge", "tiny", "bidiagonal with zeros", "blocks"];

    [Test]
    public void Random_matrices_of_every_size([ValueSource(nameof(Sizes))] int n) => CheckAll(Random([n, n], n));

    [Test]
    public void Awkward_matrices([ValueSource(nameof(Kinds))] string kind, [Values(1, 2, 6, 40)] int n) => CheckAll(Awkward(kind, n));

    [Test]
    public void Tall_matrices([Values(1, 5, 33)] int n, [Values(34, 90)] int m)
    {
        var a = Random([m, n], 3);
        CheckSingular(a);
        CheckOrthogonal(a);
        CheckSingular(a.Transpose());
    }

    [Test]
    public void Large_matrices_whose_passes_are_shared() => CheckAll(Random([330, 330], 1));

    [Test]
    public void Values_agree_with_another_library([Values(7, 60)] int n)
    {
        var a = Random([n, n], n + 1);
        var other = Matrix<double>.Build.DenseOfRowMajor(n, n, a.ToArray<double>());
        Assert.That(SingularValues(a).ToArray<double>(), Is.EqualTo(other.Svd(computeVectors: false).S.ToArray()).Within(1e-12 * n));
        var symmetric = (other + other.Transpose()).Evd(Symmetricity.Symmetric).EigenValues.Select(static v => v.Real);
        Assert.That(SymmetricEigenvalues(a + a.Transpose()).ToArray<double>(), Is.EqualTo(symmetric).Within(1e-12 * n));
    }

    [Test]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        var a = Random([330, 330], 2);
        var threads = WorkerPool.Shared.Threads;
        try
        {
            var results = new List<double[]>();
            foreach (var count in (int[])[1, 3])
            {
                WorkerPool.Shared.Threads = count;
                var (u, s, vt) = Svd(a);
                var (values, vectors) = SymmetricEigen(a);
                results.Add([.. new[] { u, s, vt, values, vectors }.SelectMany(static t => t.ToArray<double>())]);
            }

            Assert.That(results[1], Is.EqualTo(results[0]));
        }
        finally
        {
            WorkerPool.Shared.Threads = threads;
        }
    }

    [Test]
    public void Float32_is_as_good_as_its_digits()
    {
        var a = Random([50, 50], 4).To(DType.Float32);
        var (u, s, vt) = Svd(a);
        Small((u * s).MatMul(vt) - a, 2e-6, a);
        var (values, vectors) = SymmetricEigen(a + a.Transpose());
        Small((vectors * values).MatMul(vectors.Transpose()) - (a + a.Transpose()), 2e-6, a);
    }

    private static void CheckAll(Tensor a)
    {
        using (Assert.EnterMultipleScope())
        {
            CheckSingular(a);
            CheckOrthogonal(a);
            CheckEigen(0.5 * (a + a.Transpose()));
        }
    }

    private static void CheckSingular(Tensor a)
    {
        var (u, s, vt) = Svd(a);
        Small((u * s).MatMul(vt) - a, Tolerance, a);
        Unit(u);
        Unit(vt.Transpose());
        Small(SingularValues(a) - s, Tolerance, a);
        var values = s.ToArray<double>();
        Assert.That(values, Is.Ordered.Descending);
        Assert.That(values, Is.All.GreaterThanOrEqualTo(0));
    }

    private static void CheckOrthogonal(Tensor a)
    {
        var (q, r) = Qr(a);
        Small(q.MatMul(r) - a, Tolerance, a);
        Unit(q);
        Assert.That(r.ToArray<double>(), Is.EqualTo(r.UpperTriangle().ToArray<double>()));
        Assert.That(r.Diagonal().ToArray<double>(), Is.All.GreaterThanOrEqualTo(0));
    }

    private static void CheckEigen(Tensor a)
    {
        var (values, vectors) = SymmetricEigen(a);
        Small(a.MatMul(vectors) - vectors * values, Tolerance, a);
        Unit(vectors);
        Small(SymmetricEigenvalues(a) - values, Tolerance, a);
        Assert.That(values.ToArray<double>(), Is.Ordered);
    }

    private static void Unit(Tensor columns) =>
        Assert.That((columns.Transpose().MatMul(columns) - Tensor.Eye(columns.Shape[1], DType.Float64)).Abs().Max().Item(), Is.LessThan(Tolerance), "orthonormal");

    // Relative to the largest entry times √n, which is about the norm; scaled first, because squares of huge entries overflow.
    private static void Small(Tensor difference, double tolerance, Tensor a)
    {
        var norm = a.Abs().Max().Item() * Math.Sqrt(a.Shape[^1]);
        Assert.That(difference.Abs().Max().Item(), Is.LessThanOrEqualTo(tolerance * norm));
    }

    private static Tensor Awkward(string kind, int n)
    {
        var a = Random([n, n], 11);
        var index = Tensor.Arange(n).To(DType.Float64);
        var unit = Tensor.Eye(n, DType.Float64);
        Tensor Modulo(int divisor) => Tensor.From([.. Enumerable.Range(0, n).Select(i => (double)(i % divisor))], [n]);
        return kind switch
        {
            "zero" => Tensor.Zeros([n, n], DType.Float64),
            "identity" => unit,
            "repeated" => unit * (1 + Modulo(2)) + Tensor.Ones([n, n], DType.Float64),
            "rank one" => a.Narrow(1, 0, 1).MatMul(a.Narrow(0, 0, 1)),
            "graded" => a * (-index).Exp(),
            "huge" => a * 1e200,
            "tiny" => a * 1e-200,
            "bidiagonal with zeros" => unit * Modulo(3) + (n > 1 ? Tensor.Eye(n, DType.Float64).Roll(1, 1).UpperTriangle() : unit),
            _ => unit * index + (index < n / 2).To(DType.Float64).Outer((index < n / 2).To(DType.Float64)),
        };
    }
}
