using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class RadiusSweepTests
{
    private static readonly Sequential Network = new(new Linear(3, 6), new BatchNorm(6), Activation.Relu, new Dropout(0.2), new Linear(6, 4));
    private static readonly double[] Radii = [0, 0.1, 0.5];

    private static readonly Dataset Data = Dataset.Of(RandomKey.From(2).Normal([32, 3]), Tensor.From([.. Enumerable.Range(0, 32).Select(static i => (long)(i % 4))], [32]));

    private static RadiusSweep Sweep() => new(
        static (p, context, batch) => Loss.CrossEntropy(Network.Apply(p, batch.Input, context), batch.Target), new Sam(new Sgd { LearningRate = 0.1, Momentum = 0.9 }, 0), Radii);

    [Test]
    public void Each_network_is_the_one_that_its_radius_trains_alone()
    {
        var sweep = Sweep();
        var start = sweep.Init(Network, RandomKey.From(5));
        var trained = sweep.Fit(start, Data, new() { BatchSize = 8, Epochs = 2 });
        var key = RandomKey.From(5).Split().Second;
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < Radii.Length; i++)
            {
                var sam = new Sam(new Sgd { LearningRate = 0.1, Momentum = 0.9 }, Radii[i]);
                var (p, memory, state) = (start.Parameters.Unstack(i), start.Optimizer.Unstack(i), start.State.Unstack(i));
                for (var epoch = 0; epoch < 2; epoch++)
                {
                    foreach (var batch in Data.Batches(8, key.Split().First.Fold(epoch)))
                    {
                        var (draws, before) = (key.Split().Second.Fold(memory["step"]), state);
                        var step = sam.Step(
                            q =>
                            {
                                var (outputs, after) = Network.Train(q, before, batch.Input, draws);
                                return (Loss.CrossEntropy(outputs, batch.Target), after);
                            },
                            p, memory);
                        (p, memory, state) = (step.Parameters, step.State, step.ModuleState);
                    }
                }

                Assert.That((trained.Parameters.Unstack(i) - p).Norm().Item(), Is.LessThan(1e-4), $"ρ = {Radii[i]}");
                Assert.That((trained.State.Unstack(i)["1.running_mean"] - state["1.running_mean"]).Norm().Item(), Is.LessThan(1e-4));
            }

            Assert.That((trained.Parameters.Unstack(0) - trained.Parameters.Unstack(2)).Norm().Item(), Is.GreaterThan(0.01));
            Assert.That(RadiusSweep.Steps(trained), Is.EqualTo(8));
        }
    }

    [Test]
    public void An_interrupted_sweep_goes_on_to_the_same_bits()
    {
        var file = Path.Combine(Path.GetTempPath(), $"noether-sweep-{Guid.NewGuid():n}.safetensors");
        try
        {
            var (sweep, options) = (Sweep(), new FitOptions { BatchSize = 8, Epochs = 2, CheckpointPath = file });
            var whole = sweep.Fit(sweep.Init(Network, RandomKey.From(5)), Data, options);
            using var stop = new CancellationTokenSource();
            Assert.That(() => sweep.Fit(sweep.Init(Network, RandomKey.From(5)), Data, options, (_, done, _) => { if (done == 3) stop.Cancel(); }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
            var saved = Checkpoint.Load(file, sweep.Init(Network, RandomKey.From(5)));
            Assert.That(RadiusSweep.Steps(saved), Is.EqualTo(3));
            Assert.That(sweep.Fit(saved, Data, options).Parameters.ToVector().ToArray<float>(), Is.EqualTo(whole.Parameters.ToVector().ToArray<float>()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Radii_are_not_negative() =>
        Assert.That(() => new RadiusSweep(static (_, _, _) => Tensor.From(0.0), new Sam(new Sgd { LearningRate = 0.1 }, 0), [0.1, -1]), Throws.TypeOf<ArgumentOutOfRangeException>());
}
