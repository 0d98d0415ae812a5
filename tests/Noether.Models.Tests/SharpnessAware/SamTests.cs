using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class SamTests
{
    private static readonly Sequential Network = new(new Linear(3, 5), Activation.Tanh, new Linear(5, 4));
    private static readonly Parameters Weights = Network.Init(RandomKey.From(1), DType.Float64);
    private static readonly (Tensor X, Tensor Y) Data = (RandomKey.From(2).Normal([8, 3], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2, 3]));
    private static readonly Sgd Plain = new() { LearningRate = 0.1, Momentum = 0.9, WeightDecay = 1e-2 };

    private static Tensor Loss(Parameters p) => Nn.Loss.CrossEntropy(Network.Apply(p, Data.X), Data.Y);

    private static Tensor Half(Parameters p, int part) => Nn.Loss.CrossEntropy(Network.Apply(p, Data.X.Narrow(0, 4 * part, 4)), Data.Y.Narrow(0, 4 * part, 4));

    private static IEnumerable<Perturbation> Perturbations =>
        [Perturbation.Normalized, Perturbation.Unnormalized, Perturbation.Adaptive, Perturbation.LayerAdaptive, Perturbation.AdaptiveWeights()];

    [Test]
    public void A_radius_of_zero_is_the_base_optimiser_bit_for_bit([Values] bool adam, [Values(DType.Float32, DType.Float64)] DType type)
    {
        Optimizer optimizer = adam ? new AdamW { LearningRate = 0.01 } : Plain;
        var loss = (Parameters p) => Nn.Loss.CrossEntropy(Network.Apply(p, Data.X.To(type)), Data.Y);
        foreach (var perturbation in Perturbations)
        {
            var sam = new Sam(optimizer, 0) { Perturbation = perturbation, Ascents = 2 };
            var (p, state) = (Weights.To(type), sam.Init(Weights.To(type)));
            var (q, memory) = (p, state);
            for (var i = 0; i < 3; i++)
            {
                var step = sam.Step(loss, p, state);
                (p, state) = (step.Parameters, step.State);
                (q, memory) = optimizer.Step(q, Transform.Grad(loss)(q), memory);
            }

            Assert.That(p.ToVector().ToArray<double>(), Is.EqualTo(q.ToVector().ToArray<double>()), perturbation.ToString());
        }
    }

    [Test]
    public void The_perturbation_has_the_radius_and_raises_the_loss()
    {
        var step = new Sam(Plain, 0.05).Step(Loss, Weights, new Sam(Plain, 0.05).Init(Weights));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((step.Perturbed - Weights).Norm().Item(), Is.EqualTo(0.05).Within(1e-10));
            Assert.That(step.PerturbedLoss.Item(), Is.GreaterThan(step.Loss.Item()));
            Assert.That(step.Loss.Item(), Is.EqualTo(Loss(Weights).Item()));
        }
    }

    [Test]
    public void On_a_quadratic_the_step_is_the_closed_form()
    {
        // L = ½ θᵀAθ: g = Aθ and the gradient at θ + ε is A(θ + ρ·Aθ/‖Aθ‖)
        var a = Tensor.From(new double[,] { { 3, 1 }, { 1, 2 } });
        var theta = Tensor.From([1.0, -2]);
        var sam = new Sam(new Sgd { LearningRate = 0.1 }, 0.3);
        var start = Parameters.Of(("x", theta));
        var step = sam.Step(p => 0.5 * (p["x"] * a.MatMul(p["x"])).Sum(), start, sam.Init(start));
        var g = a.MatMul(theta);
        Assert.That((step.Parameters["x"] - (theta - 0.1 * a.MatMul(theta + 0.3 / g.Norm() * g))).Abs().Max().Item(), Is.LessThan(1e-12));
    }

    // Rescaling a rectified unit and what reads it changes nothing that the adaptive method sees.
    [Test]
    public void The_adaptive_ascent_is_the_same_for_rescaled_rectified_units()
    {
        var network = new Sequential(new Linear(3, 5, Bias: false), Activation.Relu, new Linear(5, 4, Bias: false));
        var (weights, scales) = (network.Init(RandomKey.From(3), DType.Float64), Tensor.From([0.1, 3, 7, 0.5, 20]));
        var scaled = weights.With("0.weight", weights["0.weight"] * scales.Unsqueeze(1)).With("2.weight", weights["2.weight"] / scales);
        double Ascended(Parameters at, Perturbation perturbation)
        {
            var sam = new Sam(Plain, 0.2) { Perturbation = perturbation };
            return sam.Step(p => Nn.Loss.CrossEntropy(network.Apply(p, Data.X), Data.Y), at, sam.Init(at)).PerturbedLoss.Item();
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Ascended(scaled, Perturbation.Adaptive), Is.EqualTo(Ascended(weights, Perturbation.Adaptive)).Within(1e-10));
            Assert.That(Ascended(scaled, Perturbation.Normalized), Is.Not.EqualTo(Ascended(weights, Perturbation.Normalized)).Within(1e-4));
        }
    }

    [Test]
    public void Micro_batches_ascend_each_for_itself()
    {
        var sam = new Sam(Plain, 0.5);
        var parts = sam.Step([p => Half(p, 0), p => Half(p, 1)], Weights, sam.Init(Weights));
        var mean = (Gradient(0) + Gradient(1)) * 0.5;
        var expected = Plain.Step(Weights, mean, Plain.Init(Weights)).Parameters;
        var whole = sam.Step(Loss, Weights, sam.Init(Weights)).Parameters;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((parts.Parameters - expected).Norm().Item(), Is.LessThan(1e-14));
            Assert.That((parts.Parameters - whole).Norm().Item(), Is.GreaterThan(1e-4));
            Assert.That(parts.Loss.Item(), Is.EqualTo(Loss(Weights).Item()).Within(1e-14));
        }

        Parameters Gradient(int part) => sam.Gradient(p => (Half(p, part), Parameters.Empty), Weights, Tensor.From(0.5)).Gradient;
    }

    [Test]
    public void The_surrogate_gap_leaves_the_part_along_the_perturbed_gradient()
    {
        var radius = Tensor.From(0.3);
        var plain = new Sam(Plain, 0.3).Gradient(static p => (Loss(p), Parameters.Empty), Weights, radius).Gradient;
        var gap = new Sam(Plain, 0.3) { SurrogateGap = 0.4 }.Gradient(static p => (Loss(p), Parameters.Empty), Weights, radius).Gradient;
        var difference = plain - gap;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(difference.Dot(plain).Item(), Is.Zero.Within(1e-14));
            Assert.That(difference.Norm().Item(), Is.GreaterThan(1e-4));
        }
    }

    [Test]
    public void Long_ascents_end_in_the_ball()
    {
        var sam = new Sam(Plain, 0.2) { Ascents = 4, AscentLength = 0.15 };
        var step = sam.Step(Loss, Weights, sam.Init(Weights));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((step.Perturbed - Weights).Norm().Item(), Is.EqualTo(0.2).Within(1e-10));
            Assert.That(() => (sam with { Perturbation = Perturbation.Adaptive }).Step(Loss, Weights, sam.Init(Weights)), Throws.InvalidOperationException);
        }
    }

    [Test]
    public void Running_statistics_are_those_of_the_first_pass()
    {
        var network = new Sequential(new Linear(3, 5), new BatchNorm(5), new Linear(5, 4));
        var (weights, before) = (network.Init(RandomKey.From(4), DType.Float64), network.InitState(DType.Float64));
        var sam = new Sam(Plain, 0.5);
        var step = sam.Step(
            p =>
            {
                var (outputs, state) = network.Train(p, before, Data.X, RandomKey.From(5));
                return (Nn.Loss.CrossEntropy(outputs, Data.Y), state);
            },
            weights, sam.Init(weights));
        var expected = network.Train(weights, before, Data.X, RandomKey.From(5)).State;
        Assert.That((step.ModuleState["1.running_mean"] - expected["1.running_mean"]).Abs().Max().Item(), Is.Zero);
        Assert.That(step.ModuleState["1.num_batches_tracked"].Item(), Is.EqualTo(1));
    }

    [Test]
    public void For_small_radii_the_gradient_is_that_of_the_penalised_loss()
    {
        double Difference(double radius)
        {
            var sam = new Sam(Plain, radius).Gradient(static p => (Loss(p), Parameters.Empty), Weights, Tensor.From(radius)).Gradient;
            return (sam - Transform.Grad(GradientNormPenalty.Of(Loss, radius))(Weights)).Norm().Item();
        }

        // first order equal: half the radius, a quarter of the difference
        Assert.That(Difference(0.02) / Difference(0.01), Is.EqualTo(4).Within(0.2));
    }

    [Test]
    public void The_penalty_suppresses_active_units_as_derived()
    {
        var (hidden, output) = (RandomKey.From(6).Normal([7, 3], type: DType.Float64), RandomKey.From(7).Normal([7], type: DType.Float64));
        var x = RandomKey.From(8).Normal([3], type: DType.Float64);
        const double target = 0.7, rate = 0.1, radius = 0.3;
        Tensor Sample(Parameters p) => 0.5 * ((p["a"] * p["w"].MatMul(x).Relu()).Sum() - target).Square();
        var start = Parameters.Of(("w", hidden), ("a", output));
        var after = start - Transform.Grad(GradientNormPenalty.Of(Sample, radius))(start) * rate;
        var step = PreactivationStep.Of(hidden, output, x, target, rate, radius);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((after["w"] - hidden).MatMul(x) - step.Fitting - step.Suppressing).Abs().Max().Item(), Is.LessThan(1e-14));
            Assert.That(step.Suppressing.Max().Item(), Is.LessThanOrEqualTo(0));
            Assert.That(step.Suppressing.Min().Item(), Is.LessThan(-1e-3));
        }
    }
}
