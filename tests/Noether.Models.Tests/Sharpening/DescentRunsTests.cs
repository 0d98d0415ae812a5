using Noether.Models.Curvature;
using Noether.Models.Sharpening;
using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.Sharpening;

public sealed class DescentRunsTests
{
    private const int Steps = 6;

    private static readonly Sequential Network = new(new Linear(3, 5), Activation.Tanh, new Linear(5, 4));
    private static readonly Batch Data = new(RandomKey.From(2).Normal([8, 3], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2, 3]));

    private static Parameters Start(int seed) => Network.Init(RandomKey.From(seed), DType.Float64);

    private static DescentRuns Runs(params DescentRecipe[] recipes) => new(Network.Apply, OutputLoss.CrossEntropy(), Data, recipes);

    private static (DescentState State, double[][] Losses) Run(DescentRuns runs, IReadOnlyList<RandomKey>? keys = null, int steps = Steps)
    {
        var state = runs.Begin([.. runs.Recipes.Select(static (_, i) => Start(i))], keys);
        var losses = new List<double[]>();
        for (var i = 0; i < steps; i++)
        {
            (state, var value) = runs.Step(state);
            losses.Add(value.ToArray<double>());
        }

        return (state, [.. losses]);
    }

    private static double[] Numbers(Parameters p) => p.ToVector().ToArray<double>();

    [Test]
    public void Runs_of_several_rates_momenta_and_penalties_are_those_of_the_optimiser([Values] bool nesterov)
    {
        DescentRecipe[] recipes =
        [
            new(0.1) { Nesterov = nesterov },
            new(0.3) { Momentum = 0.9, Nesterov = nesterov },
            new(0.2) { Momentum = 0.5, WeightDecay = 0.01, Nesterov = nesterov },
        ];
        var (state, losses) = Run(Runs(recipes));
        for (var run = 0; run < recipes.Length; run++)
        {
            var r = recipes[run];
            var rule = new Sgd { LearningRate = r.LearningRate, Momentum = r.Momentum, Nesterov = nesterov && r.Momentum > 0, WeightDecay = r.WeightDecay };
            var loss = (Parameters p) => Loss.CrossEntropy(Network.Apply(p, Data.Input), Data.Target);
            var (p, memory) = (Start(run), rule.Init(Start(run)));
            for (var i = 0; i < Steps; i++)
            {
                Assert.That(losses[i][run], Is.EqualTo(loss(p).Item()).Within(1e-13), $"run {run}, step {i}");
                (p, memory) = rule.Step(p, Transform.Grad(loss)(p), memory);
            }

            Assert.That(Numbers(state.Network(run)), Is.EqualTo(Numbers(p)).Within(1e-13), $"run {run}");
        }
    }

    [Test]
    public void A_run_with_a_radius_is_sharpness_aware_minimisation()
    {
        var (state, _) = Run(Runs(new(0.1), new DescentRecipe(0.2) { Radius = 0.05, Momentum = 0.9, WeightDecay = 0.01 }));
        var sam = new Sam(new Sgd { LearningRate = 0.2, Momentum = 0.9, WeightDecay = 0.01 }, 0.05);
        var (p, memory) = (Start(1), sam.Init(Start(1)));
        for (var i = 0; i < Steps; i++)
        {
            var step = sam.Step(q => Loss.CrossEntropy(Network.Apply(q, Data.Input), Data.Target), p, memory);
            (p, memory) = (step.Parameters, step.State);
        }

        Assert.That(Numbers(state.Network(1)), Is.EqualTo(Numbers(p)).Within(1e-12));
        Assert.That(Numbers(state.Network(0)), Is.EqualTo(Numbers(Run(Runs(new DescentRecipe(0.1))).State.Network(0))).Within(1e-12), "a radius of 0 beside another is none");
    }

    [Test]
    public void Smoothing_is_that_of_the_cross_entropy_and_differs_by_run()
    {
        var (state, losses) = Run(Runs(new(0.1), new DescentRecipe(0.1) { LabelSmoothing = 0.3 }));
        for (var run = 0; run < 2; run++)
        {
            var loss = OutputLoss.CrossEntropy(run == 0 ? 0 : 0.3);
            var p = Start(run);
            for (var i = 0; i < Steps; i++)
            {
                Assert.That(losses[i][run], Is.EqualTo(loss.Mean(Network.Apply(p, Data.Input), Data.Target).Item()).Within(1e-12));
                p -= Transform.Grad<Parameters>(q => loss.Mean(Network.Apply(q, Data.Input), Data.Target))(p) * 0.1;
            }

            Assert.That(Numbers(state.Network(run)), Is.EqualTo(Numbers(p)).Within(1e-12));
        }
    }

    [Test]
    public void Small_batches_depend_on_a_runs_own_key_alone()
    {
        RandomKey[] keys = [RandomKey.From(5), RandomKey.From(6), RandomKey.From(5)];
        DescentRecipe[] recipes = [new(0.1) { BatchSize = 3 }, new(0.1) { BatchSize = 3 }, new(0.2) { BatchSize = 3 }];
        var runs = Runs(recipes);
        var state = runs.Begin([Start(0), Start(0), Start(0)], keys);
        (state, var losses) = runs.Step(state);
        var first = losses.ToArray<double>();
        (state, losses) = runs.Step(state);
        var second = losses.ToArray<double>();
        var alone = Runs(recipes[0]);
        var (_, values) = alone.Step(alone.Begin([Start(0)], [keys[0]]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first[0], Is.EqualTo(first[2]).And.Not.EqualTo(first[1]), "the same key draws the same batch");
            Assert.That(values.ToArray<double>()[0], Is.EqualTo(first[0]).Within(1e-13));
            Assert.That(second[0], Is.Not.EqualTo(first[0]));
        }
    }

    [Test]
    public void Moved_images_stay_within_the_reach()
    {
        // One bright pixel in the middle; the network is the mean place of what is bright, so a loss of half a squared place tells how far it went.
        var image = Tensor.Zeros([1, 1, 7, 7], DType.Float64).At(0, 0, 3, 3).Set(1.0);
        var places = Tensor.Arange(7).To(DType.Float64) - 3.0;
        Tensor Place(Parameters p, Tensor x) => Tensor.Concatenate(1, (x * places).Sum([1, 2, 3]).Unsqueeze(1), (x * places.Unsqueeze(1)).Sum([1, 2, 3]).Unsqueeze(1)) + 0 * p["w"].Sum();
        var runs = new DescentRuns(Place, OutputLoss.HalfSquared, new(image, Tensor.Zeros([1, 2], DType.Float64)), [new(0.1), new(0.1) { Shift = 2 }]);
        var start = Parameters.Of(("w", Tensor.Zeros([1], DType.Float64)));
        var state = runs.Begin([start, start]);
        var seen = new HashSet<double>();
        for (var i = 0; i < 60; i++)
        {
            (state, var losses) = runs.Step(state);
            Assert.That(losses.ToArray<double>()[0], Is.Zero);
            seen.Add(losses.ToArray<double>()[1]);
        }

        Assert.That(seen, Is.EquivalentTo([0, 0.5, 1, 2, 2.5, 4]), "half the sum of two squares of at most 2");
    }

    [Test]
    public void A_state_goes_on_from_what_a_file_holds()
    {
        var runs = Runs(new(0.1) { BatchSize = 3, Momentum = 0.9 }, new DescentRecipe(0.2) { BatchSize = 3 });
        var whole = Numbers(Run(runs).State.Network(1));
        var half = Run(runs, steps: Steps / 2).State;
        var (kept, step) = (half.ToParameters().Map(static x => x.ToHostArray().ToTensor()), half.Step);
        var state = DescentState.From(kept, step);
        for (var i = step; i < Steps; i++) (state, _) = runs.Step(state);
        Assert.That(Numbers(state.Network(1)), Is.EqualTo(whole));
    }

    [Test]
    public void Recipes_that_cannot_be_one_step_are_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Runs(new(0.1), new DescentRecipe(0.1) { BatchSize = 3 }), Throws.ArgumentException.With.Message.Contains("cannot be one step"));
            Assert.That(() => Runs(new DescentRecipe(-0.1)), Throws.ArgumentException.With.Message.Contains("out of its range"));
            Assert.That(() => Runs(new DescentRecipe(0.1) { Shift = 1 }), Throws.TypeOf<ShapeException>().With.Message.Contains("[8, 3]"));
            Assert.That(() => Runs(new DescentRecipe(0.1)).Begin([]), Throws.ArgumentException);
        }
    }
}
