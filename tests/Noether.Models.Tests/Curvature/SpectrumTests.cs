using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.Tests.Curvature;

public sealed class SpectrumTests
{
    // Outliers on both sides of a bulk, and a basis that hides them.
    private static readonly double[] Eigenvalues = [-3, -1, .. Enumerable.Range(0, 145).Select(static i => i / 145.0), 5, 8, 8.5];
    private static readonly Tensor Matrix = Rotated(Eigenvalues);
    private static readonly MatrixOperator Operator = new(Matrix);

    [Test]
    public void Both_ends_of_the_spectrum_are_found_at_once()
    {
        var found = Eigen.Extremal(Operator, largest: 3, smallest: 2, tolerance: 1e-9);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Values, Is.EqualTo([8.5, 8, 5, -1, -3]).Within(1e-9));
            for (var i = 0; i < 5; i++)
            {
                var v = found.Vectors.Unstack(i);
                var residual = Operator.Space.Axpy(-found.Values[i], v, Operator.Apply(v));
                Assert.That(Operator.Space.Norm(residual), Is.EqualTo(found.Residuals[i]).Within(1e-9), $"residual {i}");
                Assert.That(Operator.Space.Norm(v), Is.EqualTo(1).Within(1e-12), $"length {i}");
            }
        }
    }

    [Test]
    public void A_restarted_iteration_finds_the_inside_of_a_dense_spectrum_with_few_vectors()
    {
        // 20 eigenvalues of a bulk without gaps, from a basis that cannot hold the whole space
        var start = RandomKey.From(3).Normal([Matrix.Shape[0]], type: DType.Float64);
        var products = 0;
        var found = Lanczos.Extremal(v => { products++; return Matrix.MatMul(v); }, start, 6, 6, tolerance: 1e-8, basis: 30);
        double[] sorted = [.. Eigenvalues.Order()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Values, Is.EqualTo([.. sorted.Reverse().Take(6), .. sorted.Take(6).Reverse()]).Within(1e-7));
            Assert.That(found.Steps, Is.EqualTo(products).And.GreaterThan(30), "it restarted");
            Assert.That((found.Vectors.MatMul(found.Vectors.Transpose()) - Tensor.Eye(12, DType.Float64)).Abs().Max().Item(), Is.LessThan(1e-12));
        }
    }

    [Test]
    public void Float32_keeps_the_outliers()
    {
        var found = Eigen.Extremal(new MatrixOperator(Matrix.To(DType.Float32)), 3, 2, tolerance: 1e-5);
        Assert.That(found.Values, Is.EqualTo([8.5, 8, 5, -1, -3]).Within(1e-4));
    }

    [Test]
    public void Power_iteration_finds_the_largest_size_and_bounds_its_error()
    {
        var negative = new MatrixOperator(-1.0 * Matrix);
        var found = Eigen.PowerIteration(negative, tolerance: 1e-3, maxProducts: 500);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Value, Is.EqualTo(-8.5).Within(found.Residual));
            Assert.That(found.Residual, Is.LessThanOrEqualTo(8.5e-3));
            Assert.That(Eigen.PowerIteration(negative, 1e-12, maxProducts: 7).Products, Is.EqualTo(7));
        }
    }

    [Test]
    public void The_density_has_mass_one_and_the_trace_and_follows_the_exact_one()
    {
        var quadrature = SpectralQuadrature.Of(Operator, RandomKey.From(4), probes: 3, steps: 60);
        var (density, exact) = (quadrature.Density(KernelWidth.Deviation(0.2), 2000), SpectralQuadrature.Of(Eigenvalues));
        var reference = quadrature.Density(KernelWidth.Reference(), 2000);
        var mean = density.Grid.Zip(density.Values, static (t, rho) => t * rho).Sum() * (density.Grid[1] - density.Grid[0]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(density.Mass, Is.EqualTo(1).Within(1e-3)); // tails beyond four deviations
            Assert.That(reference.Mass, Is.EqualTo(1).Within(1e-12));
            Assert.That(mean * Eigenvalues.Length, Is.EqualTo(quadrature.Trace(static t => t)).Within(0.5).Percent);
            Assert.That(quadrature.Trace(static t => t), Is.EqualTo(Eigenvalues.Sum()).Within(10).Percent);
            Assert.That(exact.Trace(static t => t * t), Is.EqualTo(Eigenvalues.Sum(static t => t * t)).Within(1e-10));
            var distance = density.Values.Zip(exact.Density(density.Grid, 0.2).Values, static (a, b) => Math.Abs(a - b)).Sum() * (density.Grid[1] - density.Grid[0]);
            Assert.That(distance, Is.LessThan(0.1), "the distance of densities");
        }
    }

    [Test]
    public void The_quadrature_by_signs_gives_hutchinsons_trace()
    {
        Parameters[] probes = [.. RandomKey.From(5).Split(3).Select(Operator.Space.Rademacher)];
        var quadrature = SpectralQuadrature.Of(Operator, probes, steps: 20);
        var direct = Hutchinson.Estimate(Operator, Parameters.Stack(probes));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(quadrature.Trace(static t => t), Is.EqualTo(direct.Trace).Within(1e-10));
            Assert.That(quadrature.Trace(static t => t * t), Is.EqualTo(direct.FrobeniusSquared).Within(1e-9));
        }
    }

    [Test]
    public void Random_probes_give_the_trace_within_their_standard_error_and_signs_a_diagonal_matrix_exactly()
    {
        var estimate = Hutchinson.Estimate(Operator, RandomKey.From(6), probes: 50);
        var diagonal = Hutchinson.Estimate(new MatrixOperator(Tensor.From(Eigenvalues).DiagonalMatrix()), RandomKey.From(7), probes: 2);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(estimate.Trace, Is.EqualTo(Eigenvalues.Sum()).Within(4 * estimate.StandardError));
            Assert.That(estimate.FrobeniusSquared, Is.EqualTo(Eigenvalues.Sum(static t => t * t)).Within(20).Percent);
            Assert.That(diagonal.Trace, Is.EqualTo(Eigenvalues.Sum()).Within(1e-10));
            Assert.That(diagonal.Diagonal["x"].ToArray<double>(), Is.EqualTo(Eigenvalues).Within(1e-12));
            Assert.That(Hutchinson.Estimate(Operator, RandomKey.From(8), probes: 1000, tolerance: 0.1).QuadraticForms, Has.Count.LessThan(1000));
        }
    }

    [Test]
    public void Hutch_plus_plus_is_exact_for_a_matrix_of_low_rank()
    {
        var low = Rotated([.. Enumerable.Range(1, 4).Select(static i => (double)i), .. new double[60]]);
        Assert.That(Hutchinson.TracePlusPlus(new MatrixOperator(low), RandomKey.From(9), products: 18), Is.EqualTo(10).Within(1e-10));
    }

    [Test]
    public void Traces_of_tensors_add_up()
    {
        var network = new Sequential(new Linear(3, 4), Activation.Tanh, new Linear(4, 2));
        var weights = network.Init(RandomKey.From(10), DType.Float64);
        var data = Dataset.Of(RandomKey.From(11).Normal([6, 3], type: DType.Float64), RandomKey.From(12).Normal([6, 2], type: DType.Float64));
        var hessian = new HessianOperator(EmpiricalRisk.Of(network, OutputLoss.HalfSquared, data.Batches(6)), weights);
        var estimate = Hutchinson.Estimate(hessian, RandomKey.From(13), probes: 12);
        Assert.That(weights.Names.Sum(name => estimate.Leaf(name).Trace), Is.EqualTo(estimate.Trace).Within(1e-12));
    }

    [Test]
    public void Draws_depend_on_key_and_name_alone()
    {
        var (few, many) = (Parameters.Of(("b", Tensor.Zeros([4]))), Parameters.Of(("a", Tensor.Zeros([2])), ("b", Tensor.Zeros([4]))));
        var key = RandomKey.From(14);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new ParameterSpace(few).Normal(key)["b"].ToArray<float>(), Is.EqualTo(new ParameterSpace(many).Normal(key)["b"].ToArray<float>()));
            Assert.That(new ParameterSpace(few).Rademacher(key)["b"].Abs().ToArray<float>(), Is.All.EqualTo(1));
        }
    }

    private static Tensor Rotated(double[] eigenvalues)
    {
        var n = eigenvalues.Length;
        var q = LinearAlgebra.Qr(RandomKey.From(1).Normal([n, n], type: DType.Float64)).Q;
        return (q * Tensor.From(eigenvalues)).MatMul(q.Transpose()).Evaluate();
    }
}
