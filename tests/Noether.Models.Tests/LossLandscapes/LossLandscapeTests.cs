using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.LossLandscapes;

public sealed class LossLandscapeTests
{
    private static readonly Sequential Network = new(new Linear(3, 6), new BatchNorm(6), Activation.Tanh, new Linear(6, 4));
    private static readonly Dataset Samples = Dataset.Of(
        RandomKey.From(1).Normal([13, 3], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0]));

    private static readonly Parameters Origin = Network.Init(RandomKey.From(2), DType.Float64).Merge(Trained(3));
    private static readonly double[] Xs = LossLandscape.Steps(-1, 1, 5);
    private static readonly double[] Ys = LossLandscape.Steps(-0.5, 1, 3);

    private static LossLandscape Of(BatchStatistics statistics, int tile = 64, int batch = 5) =>
        new(Network, OutputLoss.CrossEntropy(), Samples.Batches(batch)) { Statistics = statistics, Tile = tile };

    [TestCase(BatchStatistics.Frozen)]
    [TestCase(BatchStatistics.Interpolated)]
    [TestCase(BatchStatistics.Recomputed)]
    public void A_plane_is_the_loss_point_by_point_whatever_tiles_and_batches(BatchStatistics statistics)
    {
        var (x, y) = (Toward(4), Toward(5));
        var grids = new[] { Of(statistics), Of(statistics, tile: 4), Of(statistics, batch: 13), Of(statistics, tile: 1, batch: 2) }.Select(l => l.Plane(Origin, x, y, Xs, Ys)).ToArray();
        for (var row = 0; row < Ys.Length; row++)
        {
            for (var column = 0; column < Xs.Length; column++)
            {
                var expected = Loss(Origin.With(x.Map((name, d) => Origin[name] + Xs[column] * d + Ys[row] * y[name])), statistics);
                foreach (var grid in grids) Assert.That(grid.Loss[row, column], Is.EqualTo(expected).Within(1e-12), $"{row}, {column}");
            }
        }
    }

    [Test]
    public void The_centre_has_the_networks_loss_and_accuracy()
    {
        var grid = Of(BatchStatistics.Frozen).Line(Origin, Toward(4), [0]);
        var outputs = Network.Apply(Origin.Where(static n => !IsState(n)), Origin.Where(IsState), Samples.All().Input);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grid.Loss[0, 0], Is.EqualTo(Nn.Loss.CrossEntropy(outputs, Samples.All().Target).Item()).Within(1e-14));
            Assert.That(grid.Accuracy[0, 0], Is.EqualTo(Nn.Loss.Accuracy(outputs, Samples.All().Target).Item()).Within(1e-7));
            Assert.That(grid.Clamped[0, 0], Is.False);
        }
    }

    [Test]
    public void A_negative_variance_is_held_at_zero_and_marked()
    {
        var shrink = Origin.Where(static name => name.EndsWith("running_var", StringComparison.Ordinal)).Map(static v => -v);
        var grid = Of(BatchStatistics.Interpolated).Line(Origin, shrink, [0.5, 2]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grid.Clamped, Is.EqualTo(new[,] { { false, true } }));
            Assert.That(grid.Loss.Cast<double>(), Is.All.Matches<double>(double.IsFinite));
        }
    }

    [Test]
    public void Frozen_statistics_ignore_those_of_the_direction()
    {
        var direction = Toward(6);
        var (all, weights) = (Of(BatchStatistics.Frozen).Line(Origin, direction, Xs), Of(BatchStatistics.Frozen).Line(Origin, direction.Where(static n => !IsState(n)), Xs));
        Assert.That(all.Loss, Is.EqualTo(weights.Loss));
    }

    [Test]
    public void A_quadratic_loss_gives_its_closed_form()
    {
        // f = w·x with one output: ½ Σ (w·x - y)²/N is quadratic in w
        var linear = new Linear(3, 1, Bias: false);
        var weights = linear.Init(RandomKey.From(7), DType.Float64);
        var (inputs, targets) = (RandomKey.From(8).Normal([9, 3], type: DType.Float64), RandomKey.From(9).Normal([9, 1], type: DType.Float64));
        var data = Dataset.Of(inputs, targets).Batches(4);
        var risk = EmpiricalRisk.Of(linear, OutputLoss.HalfSquared, data);
        var hessian = new HessianOperator(risk, weights);
        var d = Direction.Random(weights, RandomKey.From(10));
        var grid = new LossLandscape(linear, OutputLoss.HalfSquared, data).Line(weights, d, Xs);
        var (value, slope, curvature) = (risk.Value(weights), hessian.Space.Dot(risk.Gradient(weights), d), hessian.Space.Dot(d, hessian.Apply(d)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grid.Loss.Cast<double>(), Is.EqualTo(Xs.Select(t => value + t * slope + t * t / 2 * curvature)).Within(1e-13));
            Assert.That(grid.Accuracy.Cast<double>(), Is.All.NaN, "numbers are no classes");
            Assert.That((hessian.ToMatrix() - inputs.Transpose().MatMul(inputs) / 9.0).Abs().Max().Item(), Is.LessThan(1e-14));
        }
    }

    [Test]
    public void Wrong_calls_say_what_is_wrong()
    {
        var landscape = Of(BatchStatistics.Frozen);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => landscape.Line(Origin, Parameters.Of(("0.weight", Tensor.Zeros([6, 2]))), Xs), Throws.TypeOf<ParameterException>().With.Message.EqualTo("LossLandscape: the direction's '0.weight' has shape [6, 2], expected [6, 3]"));
            Assert.That(() => landscape.Line(Origin, Parameters.Of(("9.weight", Tensor.Zeros([6, 2]))), Xs), Throws.TypeOf<ParameterException>().With.Message.Contains("no '9.weight'"));
            Assert.That(() => new LossLandscape(Network, OutputLoss.CrossEntropy(), []).Line(Origin, Parameters.Empty, Xs), Throws.ArgumentException.With.Message.Contains("no batch"));
        }
    }

    private static double Loss(Parameters point, BatchStatistics statistics)
    {
        var (weights, state) = (point.Where(static n => !IsState(n)), statistics == BatchStatistics.Frozen ? Origin.Where(IsState) : point.Where(IsState));
        state = state.Map(static (name, x) => name.EndsWith("running_var", StringComparison.Ordinal) ? x.Maximum(0) : x);
        var context = statistics == BatchStatistics.Recomputed ? Context.ForTraining(state: state) : Context.ForInference(state);
        return Nn.Loss.CrossEntropy(Network.Apply(weights, Samples.All().Input, context), Samples.All().Target).Item();
    }

    private static Parameters Toward(long seed) => Direction.Between(Origin, Network.Init(RandomKey.From(seed), DType.Float64).Merge(Trained(seed + 100)));

    private static Parameters Trained(long seed) => Network.InitState(DType.Float64).Map((name, x) =>
        x.DType.IsFloating() ? RandomKey.From(seed).Uniform(x.Shape, 0.1, 1, DType.Float64) : x);

    private static bool IsState(string name) => name.StartsWith("1.running", StringComparison.Ordinal) || name.StartsWith("1.num", StringComparison.Ordinal);
}
