using Noether.Models.Curvature;
using Noether.Models.Sharpening;
using Noether.Nn;

namespace Noether.Models.Tests.Sharpening;

/// <summary>Rules of descent and the flow on quadratics, where everything is known.</summary>
public sealed class StabilityTests
{
    private const double Curvature = 3;

    private static readonly Parameters Start = Parameters.Of(("w", Tensor.From([1.0])));

    // ½·λ·w²: a line through the origin with one sample at √λ and target 0.
    private static readonly Batch Data = new(Tensor.From([Math.Sqrt(Curvature)], [1, 1]), Tensor.Zeros([1, 1], DType.Float64));

    private static Tensor Line(Parameters p, Tensor x) => x * p["w"];

    private static double[] Final(int steps, params DescentRecipe[] recipes)
    {
        var runs = new DescentRuns(Line, OutputLoss.HalfSquared, Data, recipes);
        var state = runs.Begin([.. recipes.Select(static _ => Start)]);
        for (var i = 0; i < steps; i++) (state, _) = runs.Step(state);
        return state.Networks["w"].ToArray<double>();
    }

    [TestCase(0, false, 0)]
    [TestCase(0.9, false, 0)]
    [TestCase(0.5, true, 0)]
    [TestCase(0.9, true, 0)]
    [TestCase(0.6, false, 0.5)]
    [TestCase(0.6, true, 0.5)]
    public void A_rule_contracts_below_its_threshold_and_grows_above(double momentum, bool nesterov, double decay)
    {
        // Threshold(η) = c/η - γ for every rule, so the rate whose threshold is λ is c/(λ + γ).
        var recipe = new DescentRecipe(1) { Momentum = momentum, Nesterov = nesterov };
        var rate = recipe.Threshold() / (Curvature + decay);
        var final = Final(
            3000,
            recipe with { LearningRate = 0.99 * rate, WeightDecay = decay }, recipe with { LearningRate = 1.01 * rate, WeightDecay = decay });
        using (Assert.EnterMultipleScope())
        {
            Assert.That((recipe with { LearningRate = rate, WeightDecay = decay }).Threshold(), Is.EqualTo(Curvature).Within(1e-12));
            Assert.That(Math.Abs(final[0]), Is.LessThan(1e-3));
            Assert.That(Math.Abs(final[1]), Is.GreaterThan(1e3));
        }
    }

    [Test]
    public void Thresholds_have_their_closed_forms()
    {
        const double rate = 0.1, momentum = 0.9, radius = 0.05, gradient = 0.7;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(StabilityThreshold.GradientDescent(rate), Is.EqualTo(20).Within(1e-12));
            Assert.That(StabilityThreshold.HeavyBall(rate, momentum), Is.EqualTo(38).Within(1e-12));
            Assert.That(StabilityThreshold.Nesterov(rate, momentum), Is.EqualTo(38 / 2.8).Within(1e-12));
            var closed = gradient / (2 * radius) * (Math.Sqrt(1 + 8 * radius / (rate * gradient)) - 1);
            Assert.That(new DescentRecipe(rate) { Radius = radius }.Threshold(gradient), Is.EqualTo(closed).Within(1e-12));
            Assert.That(new DescentRecipe(rate) { Radius = 1e-14 }.Threshold(gradient), Is.EqualTo(20).Within(1e-9));
            Assert.That(() => StabilityThreshold.GradientDescent(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => StabilityThreshold.HeavyBall(rate, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void Sharpness_aware_descent_settles_where_its_threshold_is_the_curvature()
    {
        // w ← (1 - ηλ)w - ηλρ·sign w flips between ±ηλρ/(2 - ηλ), and there λ is the threshold.
        const double rate = 0.3, radius = 0.2;
        var recipe = new DescentRecipe(rate) { Radius = radius };
        var amplitude = Math.Abs(Final(400, recipe)[0]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(amplitude, Is.EqualTo(rate * Curvature * radius / (2 - rate * Curvature)).Within(1e-9));
            Assert.That(recipe.Threshold(Curvature * amplitude), Is.EqualTo(Curvature).Within(1e-9));
        }
    }

    [Test]
    public void The_flow_on_a_quadratic_is_an_exponential_up_to_the_fourth_order()
    {
        double Error(int steps)
        {
            var flow = new GradientFlow(Line, OutputLoss.HalfSquared, Data);
            var at = Start;
            for (var i = 0; i < steps; i++) (at, _) = flow.Step(at, 1.0 / steps);
            return Math.Abs(at["w"].Item() - Math.Exp(-Curvature));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Error(64), Is.LessThan(1e-7));
            Assert.That(Error(16) / Error(32), Is.EqualTo(16).Within(2), "fourth order");
            Assert.That(GradientFlow.StepLength(Curvature) * Curvature, Is.LessThan(2.78));
        }
    }

    [Test]
    public void Descent_at_a_small_rate_follows_the_flow()
    {
        var network = new Sequential(new Linear(3, 4), Activation.Tanh, new Linear(4, 2));
        Batch data = new(RandomKey.From(1).Normal([10, 3], type: DType.Float64), RandomKey.From(2).Normal([10, 2], type: DType.Float64));
        var start = network.Init(RandomKey.From(3), DType.Float64);
        var flow = new GradientFlow(network.Apply, OutputLoss.HalfSquared, data);
        var along = start;
        for (var i = 0; i < 20; i++) (along, _) = flow.Step(along, 0.05);

        double Distance(int steps)
        {
            var runs = new DescentRuns(network.Apply, OutputLoss.HalfSquared, data, [new(1.0 / steps)]);
            var state = runs.Begin([start]);
            for (var i = 0; i < steps; i++) (state, _) = runs.Step(state);
            return (state.Network(0) - along).Norm().Item();
        }

        var (coarse, fine) = (Distance(100), Distance(200));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(coarse, Is.LessThan(0.05));
            Assert.That(coarse / fine, Is.EqualTo(2).Within(0.1), "Euler's method is of first order");
        }
    }
}
