using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.LossLandscapes;

public sealed class WeightCurveTests
{
    private static readonly Sequential Network = new(new Linear(2, 6), Activation.Tanh, new Linear(6, 1));
    private static readonly Tensor Inputs = RandomKey.From(1).Normal([24, 2], type: DType.Float64);
    private static readonly Dataset Samples = Dataset.Of(Inputs, Inputs.Narrow(1, 0, 1) * Inputs.Narrow(1, 1, 1));
    private static readonly Parameters First = Network.Init(RandomKey.From(2), DType.Float64), Last = Network.Init(RandomKey.From(3), DType.Float64), Bend = Network.Init(RandomKey.From(4), DType.Float64);

    [Test]
    public void Curves_join_both_ends_and_follow_their_equations()
    {
        var (bezier, polygon) = (new WeightCurve(Network, First, Last), new WeightCurve(Network, First, Last, CurveForm.Polygon));
        using (Assert.EnterMultipleScope())
        {
            foreach (var t in (double[])[0, 0.2, 0.5, 0.7, 1])
            {
                Same(At(bezier, t), First * ((1 - t) * (1 - t)) + Bend * (2 * t * (1 - t)) + Last * (t * t));
                Same(At(polygon, t), t < 0.5 ? First * (1 - 2 * t) + Bend * (2 * t) : Bend * (2 - 2 * t) + Last * (2 * t - 1));
            }
        }
    }

    [TestCase(CurveForm.Bezier)]
    [TestCase(CurveForm.Polygon)]
    public void Losses_along_a_curve_are_those_of_the_networks_on_it(CurveForm form)
    {
        var curve = new WeightCurve(Network, First, Last, form);
        var risk = EmpiricalRisk.Of(Network, OutputLoss.HalfSquared, Samples.Batches(24));
        var (bent, straight) = (curve.Losses(Landscape(), Bend, 7), curve.StraightLosses(Landscape(), 7));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bent.Loss, Is.EqualTo(bent.Ts.Select(t => risk.Value(At(curve, t)))).Within(1e-12));
            Assert.That(straight.Loss, Is.EqualTo(straight.Ts.Select(t => risk.Value(First * (1 - t) + Last * t))).Within(1e-12));
            Assert.That(curve.Losses(Landscape(), curve.Init(RandomKey.From(0), DType.Float64), 7).Barrier, Is.EqualTo(straight.Barrier).Within(1e-12), "it begins straight");
        }
    }

    [Test]
    public void A_barrier_is_the_rise_above_the_line_between_the_ends()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new CurveLosses([0, 0.25, 0.5, 1], [1, 2.5, 2, 3], []).Barrier, Is.EqualTo(1));
            Assert.That(new CurveLosses([0, 0.5, 1], [1, 0, 3], []).Barrier, Is.Zero);
            Assert.That(new CurveLosses([0, 0.5, 1], [1, double.NaN, 3], []).Barrier, Is.NaN);
        }
    }

    // L = ½(|w|² - 1)²: minima lie on a circle, and the line between two that face each other leads over its centre.
    [TestCase(CurveForm.Bezier)]
    [TestCase(CurveForm.Polygon)]
    public void Training_bends_the_curve_around_the_barrier(CurveForm form)
    {
        var ring = new Ring();
        var curve = new WeightCurve(ring, Ring.At(1, 0), Ring.At(-1, 0), form);
        var data = Dataset.Of(Tensor.Ones([8, 1], DType.Float64), Tensor.Ones([8, 1], DType.Float64));
        var trainer = new Trainer(curve, (y, target) => OutputLoss.HalfSquared.Mean(y, target), new Adam { LearningRate = 0.02 });
        var start = trainer.Init(RandomKey.From(5), DType.Float64);
        start = new(Ring.At(0, 0.1), start.Optimizer, start.State, start.Key); // the middle is a saddle
        var trained = trainer.Fit(start, data, new() { BatchSize = 8, Epochs = 400 });
        var landscape = new LossLandscape(ring, OutputLoss.HalfSquared, data.Batches(8));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(curve.StraightLosses(landscape).Barrier, Is.EqualTo(0.5).Within(1e-12), "at the centre");
            Assert.That(curve.Losses(landscape, trained.Parameters).Barrier, Is.LessThan(0.2));
            Assert.That(trained.Parameters["w"].ToArray<double>()[1], Is.GreaterThan(0.9));
        }
    }

    [Test]
    public void The_gradient_at_a_drawn_point_reaches_the_bend_by_its_weight()
    {
        var curve = new WeightCurve(Network, First, Last);
        var t = Tensor.From(0.3, DType.Float64);
        Tensor LossAt(Parameters p) => OutputLoss.HalfSquared.Mean(Network.Apply(p, Samples.All().Input), Samples.All().Target);
        Same(
            Transform.Grad<Parameters>(p => LossAt(curve.At(p, t)))(Bend),
            Transform.Grad<Parameters>(LossAt)(At(curve, 0.3)) * (2 * 0.3 * 0.7));
    }

    [Test]
    public void Batch_normalisation_is_recomputed_on_the_curve()
    {
        var network = new Sequential(new Linear(2, 6), new BatchNorm(6), Activation.Tanh, new Linear(6, 1));
        Parameters first = network.Init(RandomKey.From(6), DType.Float64), last = network.Init(RandomKey.From(7), DType.Float64), bend = network.Init(RandomKey.From(8), DType.Float64);
        var curve = new WeightCurve(network, first, last);
        var landscape = new LossLandscape(network, OutputLoss.HalfSquared, Samples.Batches(7)) { Statistics = BatchStatistics.Recomputed };
        var found = curve.Losses(landscape, bend, 3);
        var middle = network.Apply(first * 0.25 + bend * 0.5 + last * 0.25, Samples.All().Input, Context.ForTraining(state: network.InitState(DType.Float64)));
        Assert.That(found.Loss[1], Is.EqualTo(OutputLoss.HalfSquared.Mean(middle, Samples.All().Target).Item()).Within(1e-12));
    }

    [Test]
    public void Ends_of_two_structures_are_an_error() =>
        Assert.That(
            () => new WeightCurve(Network, First, Last.Where(static name => name != "2.bias")).Init(RandomKey.From(0)),
            Throws.TypeOf<ParameterException>().With.Message.Contains("WeightCurve").And.Message.Contains("2.bias"));

    private static LossLandscape Landscape() => new(Network, OutputLoss.HalfSquared, Samples.Batches(10));

    private static Parameters At(WeightCurve curve, double t) => curve.At(Bend, Tensor.From(t, DType.Float64));

    private static void Same(Parameters x, Parameters y) => Assert.That((x - y).Norm().Item(), Is.LessThan(1e-12));

    // |w|² whatever the input.
    private sealed record Ring : Module
    {
        public static Parameters At(double x, double y) => Parameters.Of(("w", Tensor.From([x, y])));

        public override Parameters Init(RandomKey key, DType type = DType.Float32) => At(1, 0).To(type);

        public override Tensor Apply(Parameters parameters, Tensor x, Context context) => parameters["w"].Square().Sum() * x;
    }
}
