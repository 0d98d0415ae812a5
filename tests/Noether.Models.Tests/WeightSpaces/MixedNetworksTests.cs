using Noether.Models.WeightSpaces;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Batches of networks of different widths, further channels, and what moves a prediction.</summary>
[TestFixture]
public sealed class MixedNetworksTests
{
    private static readonly WeightSpec Narrow = new(2, 4, 3, 2), Wide = new(2, 6, 5, 2);

    private static WeightFeatures Networks(WeightSpec spec, int count, int seed, int channels = 1)
    {
        var key = RandomKey.From(seed, Device.Host);
        return new(
            spec,
            [.. Enumerable.Range(0, spec.Layers).Select(i => key.Fold(2 * i).Normal([count, channels, spec.Widths[i + 1], spec.Widths[i]], type: DType.Float64))],
            [.. Enumerable.Range(0, spec.Layers).Select(i => key.Fold(2 * i + 1).Normal([count, channels, spec.Widths[i + 1]], type: DType.Float64))]);
    }

    private static IEnumerable<TestCaseData> Models =>
    [
        new TestCaseData(new InvariantNfn(Narrow, [3, 3]) { Head = c => new MlpHead(Narrow, c) { Hidden = 4 } }).SetName("HNP"),
        new TestCaseData(new InvariantNfn(Narrow, [3, 3]) { Layer = (i, o) => new NpLinear(Narrow, i, o), Head = c => new MlpHead(Narrow, c) { Hidden = 4, Pool = new NpPool(Narrow) } }).SetName("NP"),
        new TestCaseData(new InvariantNft(Narrow, 4, 2, 1) { Head = c => new MlpHead(Narrow, c) { Hidden = 4 } }).SetName("NFT"),
    ];

    [TestCaseSource(nameof(Models))]
    public void A_batch_of_several_widths_gives_what_each_network_gives_alone(WeightModule<Tensor> model)
    {
        var parameters = model.Init(RandomKey.From(0, Device.Host), DType.Float64);
        WeightFeatures[] networks = [Networks(Narrow, 1, 1), Networks(Wide, 2, 2), Networks(Narrow, 2, 3), Networks(Wide, 1, 4)];
        var mixed = new MixedNetworks(networks);
        Assert.That(mixed.Groups, Has.Count.EqualTo(2));
        var together = mixed.Apply(x => model.Apply(parameters, x)).ToArray<double>();
        var alone = networks.SelectMany(x => model.Apply(parameters, x).ToArray<double>());
        Assert.That(together, Is.EqualTo(alone).Within(1e-12));
    }

    [Test]
    public void No_networks_are_refused() => Assert.That(() => new MixedNetworks([]), Throws.TypeOf<ArgumentException>());

    [Test]
    public void Influence_is_the_derivative_by_the_scale_of_a_tensor()
    {
        var model = new InvariantNfn(Narrow, [3, 3]) { Head = c => new MlpHead(Narrow, c, 2) { Hidden = 4 } };
        var parameters = model.Init(RandomKey.From(0, Device.Host), DType.Float64);
        var x = Networks(Narrow, 3, 5);
        var influence = TensorInfluence.Of(y => model.Apply(parameters, y), x);
        Assert.That(influence.Shape, Is.EqualTo(Shape.Create([3, 6, 2])));
        const double step = 1e-6; // the quotient errs by about step² and by rounding over step
        for (var i = 0; i < 6; i++)
        {
            Tensor At(double by) => model.Apply(parameters, x.WithLeaves([.. x.Leaves.Select((t, j) => i == j ? t * (1 + by) : t)]));
            var expected = (At(step) - At(-step)) / (2 * step);
            Assert.That(influence.Narrow(1, i, 1).Squeeze(1).ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-7));
        }
    }

    [Test]
    public void Gradients_may_be_channels_beside_the_weights()
    {
        var model = new InvariantNfn(Narrow, [3]) { Inputs = 2, Head = c => new MlpHead(Narrow, c) { Hidden = 4 } };
        var parameters = model.Init(RandomKey.From(0, Device.Host), DType.Float64);
        var (weights, gradients) = (Networks(Narrow, 2, 6), Networks(Narrow, 2, 7));
        var both = weights.Beside(gradients);
        Assert.That(both.Channels, Is.EqualTo(2));
        Assert.That(both.Weights[1].ToArray<double>(), Is.EqualTo(Tensor.Concatenate(1, weights.Weights[1], gradients.Weights[1]).ToArray<double>()));
        var permutation = NeuronPermutation.Random(Narrow, RandomKey.From(8, Device.Host));
        Assert.That(model.Apply(parameters, permutation.Apply(both)).ToArray<double>(), Is.EqualTo(model.Apply(parameters, both).ToArray<double>()).Within(1e-12));
        var numbers = RandomKey.From(9, Device.Host).Normal([2, 3], type: DType.Float64);
        var spread = weights.Beside(numbers);
        Assert.That(spread.Channels, Is.EqualTo(4));
        Assert.That(spread.Biases[0][1, 2].ToArray<double>(), Is.All.EqualTo(numbers[1, 1].Item()));
    }
}
