using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.LossLandscapes;

public sealed class ConvexityMapTests
{
    private static readonly Sequential Network = new(new Linear(3, 6), new BatchNorm(6), Activation.Tanh, new Linear(6, 4));
    private static readonly Dataset Samples = Dataset.Of(
        RandomKey.From(1).Normal([13, 3], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0]));

    private static readonly Parameters State = Network.InitState(DType.Float64).Map(static (name, x) =>
        x.DType.IsFloating() ? RandomKey.From(name.Length).Uniform(x.Shape, 0.1, 1, DType.Float64) : x);

    private static readonly Parameters Weights = Network.Init(RandomKey.From(2), DType.Float64);
    private static readonly Parameters Origin = Weights.Merge(State);
    private static readonly Parameters X = Direction.Random(Weights, RandomKey.From(3)), Y = Direction.Random(Weights, RandomKey.From(4));
    private static readonly double[] Xs = LossLandscape.Steps(-1, 1, 4), Ys = LossLandscape.Steps(-0.5, 1, 3);

    private static ConvexityMap Map(double tolerance = 1e-8, int batch = 5) => new(Network, OutputLoss.CrossEntropy(), Samples.Batches(batch)) { Tolerance = tolerance };

    [TestCase(NormalizationMode.Frozen, false)]
    [TestCase(NormalizationMode.Frozen, true)]
    [TestCase(NormalizationMode.Batch, false)]
    public void Both_ends_are_those_of_the_dense_hessian_at_every_point(NormalizationMode mode, bool all)
    {
        var map = new ConvexityMap(Network, OutputLoss.CrossEntropy(), Samples.Batches(5)) { Tolerance = 1e-8, Normalization = mode, TakesPart = all ? _ => true : null };
        var grid = map.Plane(Origin, X, Y, Xs, Ys);
        var risk = EmpiricalRisk.Of(Network, OutputLoss.CrossEntropy(), Samples.Batches(5), State, mode);
        CurvatureOperator hessian = new HessianOperator(risk, Weights, name => all || Weights[name].Rank > 1);
        using (Assert.EnterMultipleScope())
        {
            for (var row = 0; row < Ys.Length; row++)
            {
                for (var column = 0; column < Xs.Length; column++)
                {
                    var point = Weights + X * Xs[column] + Y * Ys[row];
                    var spectrum = LinearAlgebra.SymmetricEigenvalues(hessian.MovedTo(point).ToMatrix()).ToArray<double>();
                    Assert.That(grid.Smallest[row, column], Is.EqualTo(spectrum[0]).Within(1e-8), $"{row}, {column}");
                    Assert.That(grid.Largest[row, column], Is.EqualTo(spectrum[^1]).Within(1e-8), $"{row}, {column}");
                    Assert.That(grid.Ratio()[row, column], Is.EqualTo(Math.Abs(spectrum[0] / spectrum[^1])).Within(1e-7), $"{row}, {column}");
                }
            }

            Assert.That(grid.Converged.Cast<bool>(), Is.All.True);
            Assert.That(grid.Smallest.Cast<double>().Min(), Is.LessThan(-1e-3), "the loss is not convex");
        }
    }

    [Test]
    public void The_centre_has_the_operators_eigenvalues()
    {
        var grid = Map().Line(Origin, X, [0]);
        var operation = new HessianOperator(EmpiricalRisk.Of(Network, OutputLoss.CrossEntropy(), Samples.Batches(13), State), Weights, static name => Weights[name].Rank > 1);
        var found = Eigen.Extremal(operation, 1, 1, 1e-8);
        Assert.That(new[] { grid.Largest[0, 0], grid.Smallest[0, 0] }, Is.EqualTo(found.Values).Within(1e-8));
    }

    [Test]
    public void The_default_tolerance_gives_both_ends_and_takes_fewer_products()
    {
        var (quick, exact) = (Map(1e-2).Plane(Origin, X, Y, Xs, Ys), Map().Plane(Origin, X, Y, Xs, Ys));
        var errors = new List<double>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Total(quick), Is.LessThan(0.8 * Total(exact)));
            for (var row = 0; row < Ys.Length; row++)
            {
                for (var column = 0; column < Xs.Length; column++)
                {
                    var top = Math.Max(exact.Largest[row, column], -exact.Smallest[row, column]);
                    Assert.That(quick.Residual[row, column], Is.LessThanOrEqualTo(1e-2 * top), $"{row}, {column}");
                    errors.Add(Math.Abs(quick.Smallest[row, column] - exact.Smallest[row, column]) / top);
                    errors.Add(Math.Abs(quick.Largest[row, column] - exact.Largest[row, column]) / top);
                }
            }

            // A residual bounds the distance to some eigenvalue; the outermost of a crowd may lie a little beyond.
            Assert.That(errors.Max(), Is.LessThan(2e-2));
            Assert.That(errors.Order().ElementAt(errors.Count / 2), Is.LessThan(5e-4));
        }
    }

    [Test]
    public void A_neighbours_eigenvectors_save_products()
    {
        var near = LossLandscape.Steps(0, 0.05, 6);
        var plane = Map(1e-2).PlaneThrough(Origin, X, Y);
        Assert.That(Total(plane(near, [0])), Is.LessThan(0.8 * near.Sum(x => Total(plane([x], [0])))));
    }

    [Test]
    public void A_quadratic_loss_has_one_spectrum_everywhere()
    {
        // f = w·x: the Hessian of ½ Σ (w·x - y)²/N is Σ x·xᵀ/N wherever it is taken
        var linear = new Linear(4, 1, Bias: false);
        var weights = linear.Init(RandomKey.From(7), DType.Float64);
        var (inputs, targets) = (RandomKey.From(8).Normal([9, 4], type: DType.Float64), RandomKey.From(9).Normal([9, 1], type: DType.Float64));
        var spectrum = LinearAlgebra.SymmetricEigenvalues(inputs.Transpose().MatMul(inputs) / 9.0).ToArray<double>();
        var map = new ConvexityMap(linear, OutputLoss.HalfSquared, Dataset.Of(inputs, targets).Batches(4)) { Tolerance = 1e-10 };
        var grid = map.Plane(weights, Direction.Random(weights, RandomKey.From(10)), Direction.Random(weights, RandomKey.From(11)), Xs, Ys);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grid.Smallest.Cast<double>(), Is.All.EqualTo(spectrum[0]).Within(1e-10));
            Assert.That(grid.Largest.Cast<double>(), Is.All.EqualTo(spectrum[^1]).Within(1e-10));
        }
    }

    [Test]
    public void Parts_are_the_whole_and_the_same_bits_when_they_are_taken_again()
    {
        var (tolerance, whole) = (1e-10, Map(1e-10).Plane(Origin, X, Y, Xs, Ys));
        var first = Map(tolerance).PlaneThrough(Origin, X, Y);
        EigenvalueGrid[] rows = [.. Ys.Select(y => first(Xs, [y]))];
        var later = Map(tolerance).PlaneThrough(Origin, X, Y)(Xs, [Ys[1]]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows.SelectMany(static row => row.Smallest.Cast<double>()), Is.EqualTo(whole.Smallest.Cast<double>()).Within(1e-9));
            Assert.That(rows.SelectMany(static row => row.Largest.Cast<double>()), Is.EqualTo(whole.Largest.Cast<double>()).Within(1e-9));
            Assert.That(later.Smallest, Is.EqualTo(rows[1].Smallest));
            Assert.That(later.Products, Is.EqualTo(rows[1].Products));
        }
    }

    [Test]
    public void Nothing_is_traced_again_from_point_to_point()
    {
        var calls = 0;
        var counted = new Sequential(new Linear(3, 5), new Activation("Counted", x => { calls++; return x.Tanh(); }), new Linear(5, 4));
        var weights = counted.Init(RandomKey.From(12), DType.Float64);
        var plane = new ConvexityMap(counted, OutputLoss.CrossEntropy(), Samples.Batches(13)).PlaneThrough(weights, Direction.Random(weights, RandomKey.From(13)), Parameters.Empty);
        plane([0], [0]);
        var once = calls;
        plane(Xs, [0]);
        Assert.That(calls, Is.EqualTo(once));
    }

    [Test]
    public void Products_that_run_out_and_points_that_are_not_finite_are_marked()
    {
        var few = new ConvexityMap(Network, OutputLoss.CrossEntropy(), Samples.Batches(5)) { Tolerance = 1e-12, MaxProducts = 3 }.Line(Origin, X, [0]);
        var broken = Map(1e-2).Line(Origin, X, [double.NaN, 0.5]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((few.Converged[0, 0], few.Products[0, 0]), Is.EqualTo((false, 3)));
            Assert.That(new[] { broken.Smallest[0, 0], broken.Largest[0, 0], broken.Residual[0, 0] }, Is.All.NaN);
            Assert.That((broken.Converged[0, 0], broken.Converged[0, 1]), Is.EqualTo((false, true)));
        }
    }

    [Test]
    public void Progress_counts_points_and_cancelling_ends_the_walk()
    {
        var seen = new List<int>();
        using var source = new CancellationTokenSource();
        var map = new ConvexityMap(Network, OutputLoss.CrossEntropy(), Samples.Batches(5))
        {
            Progress = new Told(done => { seen.Add(done); if (done == 3) source.Cancel(); }),
            Cancellation = source.Token,
        };
        Assert.That(() => map.Plane(Origin, X, Y, Xs, Ys), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(seen, Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public void Other_shapes_are_an_error() =>
        Assert.That(() => Map().Line(Origin, Parameters.Of(("0.weight", Tensor.Zeros([6, 2]))), Xs), Throws.TypeOf<ParameterException>().With.Message.EqualTo("ConvexityMap: the direction's '0.weight' has shape [6, 2], expected [6, 3]"));

    private static int Total(EigenvalueGrid grid) => grid.Products.Cast<int>().Sum();

    private sealed class Told(Action<int> action) : IProgress<int>
    {
        public void Report(int value) => action(value);
    }
}
