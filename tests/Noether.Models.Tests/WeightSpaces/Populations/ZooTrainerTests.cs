using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Training zoos of small classifiers.</summary>
[TestFixture]
public sealed class ZooTrainerTests
{
    private const int Classes = 3, Side = 6;

    private static readonly ZooOptions Options = new() { Channels = 3, Classes = Classes, BatchSize = 16, Steps = 60, ChunkSize = 4, Checkpoints = [30] };

    // Images whose class is where they are bright: easy to learn.
    private static (Tensor Images, Tensor Labels) Data(int count, int seed)
    {
        var key = RandomKey.From(seed, Device.Host);
        var labels = key.Fold(0).Integers([count], 0, Classes);
        var rows = Tensor.Arange(Side, device: Device.Host) / 2;
        var bright = rows.To(DType.Int32).Equal(labels.Unsqueeze(-1)).To(DType.Float32).Reshape(count, 1, Side, 1);
        return (bright.BroadcastTo([count, 1, Side, Side]) + 0.3 * key.Fold(1).Normal([count, 1, Side, Side]), labels.To(DType.Int64));
    }

    private static ZooTrainer Trainer(ZooOptions options) => new(Data(200, 0), Data(100, 1), options);

    [Test]
    public void A_zoo_holds_good_and_bad_networks_with_what_they_reach()
    {
        var trainer = Trainer(Options);
        var accuracies = new List<float>();
        for (var chunk = 0; chunk < 6; chunk++)
        {
            var zoo = trainer.Train(RandomKey.From(0, Device.Host), chunk);
            Assert.That(zoo.Number.Length + zoo.Diverged, Is.EqualTo(2 * Options.ChunkSize), "each is kept twice, unless it diverged");
            Assert.That(zoo.Networks.Leaves.Select(static w => w.Shape[0]), Is.All.EqualTo(zoo.Number.Length));
            for (var i = 0; i < zoo.Number.Length; i += 3)
            {
                var hyper = zoo.Hyperparameters[i];
                var (images, labels) = Data(100, 1);
                var logits = new ZooNetwork(Options.Channels, Classes, hyper.Activation).Apply(zoo.Networks.Unstack(i), images);
                Assert.That(Loss.Accuracy(logits, labels).Item(), Is.EqualTo(zoo.TestAccuracy[i]).Within(1e-5));
                Assert.That(Loss.CrossEntropy(logits, labels).Item(), Is.EqualTo(zoo.TestLoss[i]).Within(1e-4 * (1 + zoo.TestLoss[i])));
            }

            accuracies.AddRange(zoo.TestAccuracy);
        }

        Assert.That(accuracies.Max(), Is.GreaterThan(0.9));
        Assert.That(accuracies.Min(), Is.LessThan(0.6));
    }

    [Test]
    public void A_chunk_is_the_same_whenever_it_is_made()
    {
        var (first, again) = (Trainer(Options), Trainer(Options));
        first.Train(RandomKey.From(0, Device.Host), 0);
        var (x, y) = (first.Train(RandomKey.From(0, Device.Host), 4), again.Train(RandomKey.From(0, Device.Host), 4));
        Assert.That(y.Hyperparameters, Is.EqualTo(x.Hyperparameters));
        for (var i = 0; i < x.Networks.Count; i++) Assert.That(y.Networks.Leaves[i].ToArray<float>(), Is.EqualTo(x.Networks.Leaves[i].ToArray<float>()));
    }

    [Test]
    public void A_network_steps_by_its_own_numbers()
    {
        // One step of gradient descent of each network of a chunk, from the definition.
        var options = Options with { Steps = 1, Checkpoints = [] };
        var zoo = Trainer(options).Train(RandomKey.From(5, Device.Host), 0);
        var keys = RandomKey.From(5, Device.Host).Fold(0).Split(options.ChunkSize);
        var (images, labels) = Data(200, 0);
        for (var i = 0; i < options.ChunkSize; i++)
        {
            var hyper = zoo.Hyperparameters[i];
            var network = new ZooNetwork(options.Channels, Classes, hyper.Activation) { Initializer = hyper.Initializer };
            var (start, own) = (network.Init(keys[i].Fold(1)), keys[i].Fold(2));
            var key = own.Fold(0);
            var place = key.Fold(0).Uniform([options.BatchSize]).ToArray<float>();
            var shift = own.Uniform([1]).Item();
            var chosen = Tensor.From([.. place.Select(u => (float)(u * (float)hyper.Fraction + (float)shift)).Select(static u => (int)((u - MathF.Floor(u)) * 200))], [options.BatchSize], Device.Host);
            var gradient = Transform.Grad<Parameters>(p =>
                Loss.CrossEntropy(network.Apply(p, images.Take(chosen), Tensor.From((float)hyper.Dropout), key.Fold(1)), labels.Take(chosen))
                + hyper.Penalty / 2 * p.ToVector().Square().Sum())(start);
            for (var leaf = 0; leaf < start.Count; leaf++)
            {
                var expected = (start.Leaves[leaf] - hyper.LearningRate * gradient.Leaves[leaf]).ToArray<float>();
                Assert.That(zoo.Networks.Leaves[leaf][i].ToArray<float>(), Is.EqualTo(expected).Within(1e-5), $"network {i}, {start.Names[leaf]}");
            }
        }
    }

    [Test]
    public void The_network_of_16_channels_has_4970_numbers() => Assert.That(new ZooNetwork(16, 10, ZooActivation.Relu).Spec.Parameters, Is.EqualTo(4970));
}
