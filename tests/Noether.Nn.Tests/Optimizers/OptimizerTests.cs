namespace Noether.Nn.Tests;

/// <summary>Every optimiser against PyTorch's update written as a loop over one number, on a quadratic with uneven curvature.</summary>
public class OptimizerTests
{
    // float64; the two sides round in different orders, a few ulp a step.
    private const double Tolerance = 1e-13;
    private const int Steps = 6;

    private static readonly double[] Curvature = [1, 10, 0.1];
    private static readonly double[] Start = [1, -2, 3];

    /// <summary>An update in scalars: new parameter from parameter, gradient, step (from 1) and slots that begin as zero.</summary>
    public delegate double Reference(double p, double g, int t, double[] slots);

    public static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("Sgd", new Sgd { LearningRate = 0.05 }, (p, g, t, s) => p - 0.05 * g);
        yield return Case("Sgd with weight decay", new Sgd { LearningRate = 0.05, WeightDecay = 0.1 }, (p, g, t, s) => p - 0.05 * (g + 0.1 * p));
        yield return Case("Sgd with momentum", new Sgd { LearningRate = 0.05, Momentum = 0.9 }, (p, g, t, s) => p - 0.05 * (s[0] = 0.9 * s[0] + g));
        yield return Case("Sgd with dampening", new Sgd { LearningRate = 0.05, Momentum = 0.9, Dampening = 0.4 }, (p, g, t, s) =>
            p - 0.05 * (s[0] = t == 1 ? g : 0.9 * s[0] + 0.6 * g));
        yield return Case("Sgd with Nesterov momentum", new Sgd { LearningRate = 0.05, Momentum = 0.9, Nesterov = true, WeightDecay = 0.01 }, (p, g, t, s) =>
        {
            g += 0.01 * p;
            s[0] = 0.9 * s[0] + g;
            return p - 0.05 * (g + 0.9 * s[0]);
        });
        yield return Case("Sgd with a schedule", new Sgd { LearningRate = new LinearSchedule(0.1, 0, 10) }, (p, g, t, s) => p - 0.1 * (1 - (t - 1) / 10.0) * g);
        yield return Case("Adam", new Adam { LearningRate = 0.1 }, (p, g, t, s) => AdamReference(p, g, t, s, 0.1));
        yield return Case("Adam with weight decay", new Adam { LearningRate = 0.1, WeightDecay = 0.2 }, (p, g, t, s) => AdamReference(p, g + 0.2 * p, t, s, 0.1));
        yield return Case("Adam with AMSGrad", new Adam { LearningRate = 0.1, AmsGrad = true, Beta2 = 0.5 }, (p, g, t, s) =>
        {
            s[0] = 0.9 * s[0] + 0.1 * g;
            s[1] = 0.5 * s[1] + 0.5 * g * g;
            s[2] = Math.Max(s[2], s[1]);
            return p - 0.1 / (1 - Math.Pow(0.9, t)) * s[0] / (Math.Sqrt(s[2]) / Math.Sqrt(1 - Math.Pow(0.5, t)) + 1e-8);
        });
        yield return Case("AdamW", new AdamW { LearningRate = 0.1 }, (p, g, t, s) => AdamReference(p * (1 - 0.1 * 0.01), g, t, s, 0.1));
        yield return Case("RmsProp", new RmsProp { LearningRate = 0.01 }, (p, g, t, s) =>
            p - 0.01 * g / (Math.Sqrt(s[0] = 0.99 * s[0] + 0.01 * g * g) + 1e-8));
        yield return Case("RmsProp, centred, with momentum", new RmsProp { LearningRate = 0.01, Centered = true, Momentum = 0.9, WeightDecay = 0.1 }, (p, g, t, s) =>
        {
            g += 0.1 * p;
            s[0] = 0.99 * s[0] + 0.01 * g * g;
            s[1] = 0.99 * s[1] + 0.01 * g;
            s[2] = 0.9 * s[2] + g / (Math.Sqrt(s[0] - s[1] * s[1]) + 1e-8);
            return p - 0.01 * s[2];
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with_PyTorchs_update_written_as_a_loop(Optimizer optimizer, Reference reference)
    {
        var parameters = Parameters.Of(("x", Tensor.From(Start)));
        var state = optimizer.Init(parameters);
        var expected = (double[])Start.Clone();
        var slots = expected.Select(_ => new double[3]).ToArray();
        for (var t = 1; t <= Steps; t++)
        {
            (parameters, state) = optimizer.Step(parameters, parameters.Map(x => x * Tensor.From(Curvature)), state);
            for (var i = 0; i < expected.Length; i++) expected[i] = reference(expected[i], Curvature[i] * expected[i], t, slots[i]);
            Assert.That(parameters["x"].ToArray<double>(), Is.EqualTo(expected).Within(Tolerance), $"step {t}");
        }

        Assert.That(state["step"].Item<long>(), Is.EqualTo(Steps));
    }

    [Test]
    public void The_first_step_of_Adam_is_the_learning_rate_against_the_gradients_sign()
    {
        var adam = new Adam { LearningRate = 0.001 };
        var parameters = Parameters.Of(("x", Tensor.From([1f, 1f])));
        var (next, _) = adam.Step(parameters, Parameters.Of(("x", Tensor.From([5f, -0.2f]))), adam.Init(parameters));
        Assert.That(next["x"].ToArray<float>(), Is.EqualTo([0.999f, 1.001f]).Within(1e-7f)); // one ulp of 1
    }

    [Test]
    public void State_keeps_the_types_of_the_parameters_and_the_rate_does_not_widen_them()
    {
        var adam = new AdamW { LearningRate = new CosineSchedule(0.1, 10) };
        var parameters = Parameters.Of(("x", Tensor.From([1f])), ("y", Tensor.From([1.0])));
        var (next, state) = adam.Step(parameters, parameters, adam.Init(parameters));
        Assert.That(next.Leaves.Select(x => x.DType), Is.EqualTo(new[] { DType.Float32, DType.Float64 }));
        Assert.That(state.Names, Is.EqualTo(["step", "mean.x", "mean.y", "square.x", "square.y"]));
        Assert.That(state["square.x"].DType, Is.EqualTo(DType.Float32));
    }

    [Test]
    public void Gradients_of_another_structure_name_the_tensor()
    {
        var sgd = new Sgd { LearningRate = 0.1 };
        var parameters = Parameters.Of(("x", Tensor.From([1f])));
        Assert.That(() => sgd.Step(parameters, Parameters.Of(("y", Tensor.From([1f]))), sgd.Init(parameters)), Throws.TypeOf<ParameterException>().With.Message.Contains("Sgd: 'x' is missing"));
        Assert.That(() => sgd.Step(parameters, Parameters.Of(("x", Tensor.From([1f, 2f]))), sgd.Init(parameters)), Throws.TypeOf<ParameterException>().With.Message.Contains("[2]"));
    }

    [Test]
    public void Networks_step_at_once_under_Vmap()
    {
        var adam = new Adam { LearningRate = 0.1 };
        var many = Parameters.Stack(Parameters.Of(("x", Tensor.From([1.0, 2]))), Parameters.Of(("x", Tensor.From([-3.0, 4]))));
        var together = Transform.Vmap<Parameters, Parameters>(p => adam.Step(p, p, adam.Init(p)).Parameters)(many);
        for (var i = 0; i < 2; i++)
        {
            var alone = many.Unstack(i);
            Assert.That(together.Unstack(i)["x"].ToArray<double>(), Is.EqualTo(adam.Step(alone, alone, adam.Init(alone)).Parameters["x"].ToArray<double>()).Within(Tolerance));
        }
    }

    [Test]
    public void Clipping_by_norm_scales_all_tensors_by_one_factor()
    {
        var gradients = Parameters.Of(("x", Tensor.From([3.0])), ("y", Tensor.From([0.0, 4])));
        var (clipped, norm) = Gradients.ClipByNorm(gradients, 1);
        Assert.That(norm.Item(), Is.EqualTo(5));
        Assert.That(clipped.ToVector().ToArray<double>(), Is.EqualTo([0.6, 0, 0.8]).Within(1e-6)); // PyTorch adds 1e-6 to the norm
        Assert.That(Gradients.ClipByNorm(gradients, 100).Gradients.ToVector().ToArray<double>(), Is.EqualTo([3.0, 0, 4]));
        Assert.That(Gradients.ClipByNorm(gradients.ZerosLike(), 1).Gradients.ToVector().ToArray<double>(), Is.EqualTo([0.0, 0, 0]));
    }

    [Test]
    public void Clipping_by_value_limits_each_element() =>
        Assert.That(Gradients.ClipByValue(Parameters.Of(("x", Tensor.From([-3.0, 0.5, 2]))), 1)["x"].ToArray<double>(), Is.EqualTo([-1.0, 0.5, 1]));

    [Test]
    public void A_moving_average_forgets_by_its_decay()
    {
        var average = Parameters.Of(("x", Tensor.From([0.0])));
        var parameters = Parameters.Of(("x", Tensor.From([1.0])));
        for (var i = 0; i < 3; i++) average = new MovingAverage(0.9).Update(average, parameters);
        Assert.That(average["x"].Item(), Is.EqualTo(1 - Math.Pow(0.9, 3)).Within(Tolerance));
    }

    private static double AdamReference(double p, double g, int t, double[] s, double rate)
    {
        s[0] = 0.9 * s[0] + 0.1 * g;
        s[1] = 0.999 * s[1] + 0.001 * g * g;
        return p - rate / (1 - Math.Pow(0.9, t)) * s[0] / (Math.Sqrt(s[1]) / Math.Sqrt(1 - Math.Pow(0.999, t)) + 1e-8);
    }

    private static TestCaseData Case(string name, Optimizer optimizer, Reference reference) => new TestCaseData(optimizer, reference).SetName(name);
}
