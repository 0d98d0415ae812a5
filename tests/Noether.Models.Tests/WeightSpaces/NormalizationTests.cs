using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Normalisation, dropout and codes, beyond what reference numbers say.</summary>
[TestFixture]
public sealed class NormalizationTests
{
    private static readonly WeightSpec Cnn = new([2, 5, 4, 3], [(3, 3), (1, 1), (1, 1)]);

    [Test]
    public void Normalized_training_networks_have_mean_zero_and_deviation_one([Values] bool symmetric)
    {
        var training = RandomNetworks.Features(Cnn, 40, 1, 1).Map(static t => t * 3 + 2);
        var normal = WeightNormalization.Of(training, symmetric);
        var y = normal.Apply(Parameters.Empty, training, RandomNetworks.Inference(normal));
        using (Assert.EnterMultipleScope())
        {
            foreach (var t in y.Leaves)
            {
                Assert.That(t.Mean(0).Mean().Item(), Is.Zero.Within(1e-12));
                Assert.That(t.Std().Item(), Is.EqualTo(1).Within(0.02));
                if (!symmetric) Assert.That((t.Std(0) - 1).Abs().Max().Item(), Is.LessThan(1e-12));
            }
        }
    }

    [Test]
    public void Symmetric_statistics_keep_permutations_of_hidden_neurons_and_those_of_single_entries_do_not()
    {
        var training = RandomNetworks.Features(Cnn, 10, 1, 1);
        var permutation = NeuronPermutation.Random(Cnn, RandomKey.From(5));
        double Difference(WeightNormalization normal) => RandomNetworks.Difference(
            normal.Apply(Parameters.Empty, permutation.Apply(training), RandomNetworks.Inference(normal)),
            permutation.Apply(normal.Apply(Parameters.Empty, training, RandomNetworks.Inference(normal))));
        var anywhere = NeuronPermutation.Random(Cnn, RandomKey.From(5), hiddenOnly: false);
        var all = WeightNormalization.Of(training, hiddenOnly: false);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Difference(WeightNormalization.Of(training)), Is.LessThan(1e-13));
            Assert.That(Difference(WeightNormalization.Of(training, symmetric: false)), Is.GreaterThan(0.1));
            Assert.That(RandomNetworks.Difference(
                all.Apply(Parameters.Empty, anywhere.Apply(training), RandomNetworks.Inference(all)),
                anywhere.Apply(all.Apply(Parameters.Empty, training, RandomNetworks.Inference(all)))), Is.LessThan(1e-13));
        }
    }

    [Test]
    public void Entries_that_do_not_vary_keep_their_scale([Values(1, 5)] int batch)
    {
        var training = RandomNetworks.Features(new(2, 3, 1), 1, 1, 1).Map(t => t.BroadcastTo([batch, .. t.Shape[1..]]));
        var normal = WeightNormalization.Of(training, symmetric: false);
        var y = normal.Apply(Parameters.Empty, training.Map(static t => t + 0.5), RandomNetworks.Inference(normal));
        foreach (var t in y.Leaves) Assert.That((t - 0.5).Abs().Max().Item(), Is.LessThan(1e-12));
    }

    [Test]
    public void A_single_number_has_variance_zero_among_the_statistics()
    {
        var spec = new WeightSpec(2, 3, 1);
        var y = new WeightStatistics(spec).Apply(Parameters.Empty, RandomNetworks.Features(spec, 2, 1, 1));
        Assert.That(y.IsFinite().All().Item<bool>(), Is.True);
        Assert.That(y[0, 0, 3 * 7 + 1].Item(), Is.Zero);
        Assert.That(y[0, 0, 3 * 7 + 2].Item(), Is.EqualTo(y[0, 0, 3 * 7].Item()), "the minimum is the mean");
    }

    [Test]
    public void A_simple_norm_of_equal_channels_has_a_finite_gradient_and_one_channel_is_refused()
    {
        var spec = new WeightSpec(2, 3, 1);
        var norm = new SimpleLayerNorm(spec, 2);
        var x = RandomNetworks.Features(spec, 2, 1, 1).Map(static t => Tensor.Concatenate(1, t, t));
        var gradient = Transform.Grad<WeightFeatures>(y => norm.Apply(norm.Init(RandomKey.From(0), DType.Float64), y).Leaves.Select(static t => t.Sum()).Aggregate(static (a, b) => a + b))(x);
        Assert.That(gradient.Leaves.All(static t => t.IsFinite().All().Item<bool>()), Is.True);
        Assert.That(() => new SimpleLayerNorm(spec, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Dropout_of_channels_drops_whole_matrices_of_weights_while_training_only()
    {
        var x = RandomNetworks.Features(Cnn, 4, 8, 1).Map(static t => t.OnesLike());
        var dropout = new ChannelDropout(0.5);
        var y = dropout.Apply(Parameters.Empty, x, Context.ForTraining(RandomKey.From(3)));
        using (Assert.EnterMultipleScope())
        {
            foreach (var w in y.Weights)
            {
                Assert.That((w.Max([2, 3]) - w.Min([2, 3])).Abs().Max().Item(), Is.Zero, "a matrix is dropped or kept as a whole");
                Assert.That(w.Max([2, 3]).ToArray<double>().Distinct().Order(), Is.EqualTo((double[])[0, 2]));
            }

            Assert.That((y.Biases[0].Max(2) - y.Biases[0].Min(2)).Abs().Max().Item(), Is.Not.Zero, "entries of biases are dropped one by one");
            Assert.That(dropout.Apply(Parameters.Empty, x, Context.ForInference()).Leaves.All(static t => t.Equal(1).All().Item<bool>()), Is.True);
        }
    }

    [Test]
    public void Fourier_features_follow_their_seed_and_are_state()
    {
        var fourier = new GaussianFourier(Cnn, 1, 64) { Scale = 3, Seed = 7 };
        var q = fourier.InitState(DType.Float64)["_B"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fourier.Init(RandomKey.From(0)).Count, Is.Zero);
            Assert.That(q.Std().Item(), Is.EqualTo(3).Within(1));
            Assert.That((fourier.InitState(DType.Float64)["_B"] - q).Abs().Max().Item(), Is.Zero);
            Assert.That(((fourier with { Seed = 8 }).InitState(DType.Float64)["_B"] - q).Abs().Max().Item(), Is.Not.Zero);
        }
    }

    [Test]
    public void A_convolution_at_the_end_gets_the_code_of_its_output_neurons()
    {
        var spec = new WeightSpec([2, 3, 4], [(1, 1), (2, 2)]);
        var y = new IoSinusoidal(spec, 1, 1) { EncodesLayers = false }.Apply(Parameters.Empty, RandomNetworks.Features(spec, 1, 1, 1));

        // channel 3 of the four is the place itself, from -1 to 1 over the four output neurons, at every position and input
        Assert.That(y.Unfold(1)[0, 3, .., 2, 1, 0].ToArray<double>(), Is.EqualTo((double[])[-1, -1.0 / 3, 1.0 / 3, 1]).Within(1e-15));
    }
}
