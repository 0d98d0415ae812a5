using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Masks for initial weights.</summary>
[TestFixture]
public sealed class MaskAutoencoderTests
{
    private static readonly WeightSpec Spec = new(4, 6, 3);

    private static Tensor Initial(int count) => LotteryTicket.Start(Spec, count, RandomKey.From(0, Device.Host)).To(DType.Float64);

    private static MaskAutoencoder Model(Tensor initial) => new(Spec, 16, 2) { Normalization = WeightNormalization.Of(WeightFeatures.FromVectors(Spec, initial)) };

    [Test]
    public void Masks_of_permuted_networks_are_permuted()
    {
        var initial = Initial(3);
        var model = Model(initial);
        var (parameters, state) = (model.Init(RandomKey.From(1, Device.Host), DType.Float64), model.InitState(DType.Float64, Device.Host));
        var permutation = NeuronPermutation.Random(Spec, RandomKey.From(2, Device.Host));
        var mask = model.Draw(parameters, state, initial, 0.3, RandomKey.From(3, Device.Host));
        var permuted = model.Draw(parameters, state, permutation.Apply(WeightFeatures.FromVectors(Spec, initial)).ToVectors(), 0.3, RandomKey.From(3, Device.Host));
        Assert.That(permuted.ToArray<double>(), Is.EqualTo(permutation.Apply(WeightFeatures.FromVectors(Spec, mask)).ToVectors().ToArray<double>()));
    }

    [Test]
    public void Kept_weights_are_the_largest_and_biases_stay()
    {
        var scores = WeightFeatures.FromVectors(Spec, Initial(2));
        var mask = WeightFeatures.FromVectors(Spec, LotteryTicket.KeepLargest(scores, 0.25));
        var kept = (int)Math.Round(0.25 * (24 + 18));
        for (var network = 0; network < 2; network++)
        {
            double[] All(WeightFeatures x) => [.. x.Weights.SelectMany(w => w[network].ToArray<double>())];
            var least = All(scores).OrderDescending().ElementAt(kept - 1);
            Assert.That(All(mask), Is.EqualTo(All(scores).Select(score => score >= least ? 1.0 : 0)));
        }

        Assert.That(mask.Biases.SelectMany(static b => b.ToArray<double>()), Is.All.EqualTo(1));
        Assert.That(() => LotteryTicket.KeepLargest(scores, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_bound_falls_below_that_of_the_density_alone()
    {
        var initial = Initial(24).To(DType.Float32);
        var masks = LotteryTicket.KeepLargest(WeightFeatures.FromVectors(Spec, initial).Map(static t => t.Abs()), 0.2);
        var model = Model(initial);
        var trainer = new Trainer(model, static (bound, _) => bound.Mean(), new Adam { LearningRate = 1e-2 });
        var data = Dataset.Of(Tensor.Stack(1, initial, masks), Tensor.Zeros([24], device: Device.Host));
        var losses = new List<double>();
        trainer.Fit(trainer.Init(RandomKey.From(0, Device.Host)), data, new() { BatchSize = 24, Epochs = 200, Progress = step => losses.Add(step.Loss) });
        var entropy = -(0.2 * Math.Log(0.2) + 0.8 * Math.Log(0.8)); // of a weight of which only the density is known
        Assert.That(losses[^1], Is.LessThan(0.85 * entropy));
    }

    [Test]
    public void Masked_weights_stay_zero_and_sparse_networks_learn()
    {
        // Two classes, told by the sign of the first input.
        var key = RandomKey.From(4, Device.Host);
        var images = key.Normal([300, 4]);
        var labels = (images.Narrow(1, 0, 1).Squeeze(1) > 0).To(DType.Int64);
        var spec = new WeightSpec(4, 6, 2);
        var ticket = new LotteryTicket(spec, images, labels) { LearningRate = 1e-2 };
        var start = LotteryTicket.Start(spec, 3, key.Fold(1));
        var mask = LotteryTicket.KeepLargest(WeightFeatures.FromVectors(spec, start).Map(static t => t.Abs()), 0.6);
        var trained = ticket.Train(start, mask, 150, key.Fold(2));
        Assert.That((trained * (1 - mask)).Abs().Max().Item(), Is.Zero);
        Assert.That(ticket.Accuracy(trained, images, labels), Is.All.GreaterThan(0.9f));
        Assert.That(() => ticket.Train(start, mask.Narrow(0, 0, 2), 1, key), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, "));
    }
}
