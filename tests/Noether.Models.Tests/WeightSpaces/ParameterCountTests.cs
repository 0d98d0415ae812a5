using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Sizes of the published models. Theirs lack the last bias term: of HNP layers the count is given without it.</summary>
[TestFixture]
public sealed class ParameterCountTests
{
    private static readonly WeightSpec Mlp = new(2, 5, 4, 3), Cnn = new([2, 4, 5, 3], [(3, 3), (3, 3), (1, 1)]),
        Zoo = new([1, 16, 16, 16, 10], [(3, 3), (3, 3), (3, 3), (1, 1)]), Grey = new(2, 32, 32, 1), Colour = new(2, 32, 32, 3);

    [Test]
    public void Linear_layers_have_the_published_sizes()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Count(Hnp(Mlp, 2, 3)), Is.EqualTo(1239));
            Assert.That(Count(new NpLinear(Mlp, 2, 3)), Is.EqualTo(426));
            Assert.That(Count(Hnp(Cnn, 2, 3)), Is.EqualTo(16_647));
            Assert.That(Count(new NpLinear(Cnn, 2, 3)), Is.EqualTo(7530));
            Assert.That(Count(new HnpLinear(Cnn, 2, 3)), Is.EqualTo(16_647 + 2 * 3 * 3), "the last bias term: inputs · outputs · n_L");
        }
    }

    [Test]
    public void Predictors_of_generalization_have_the_published_sizes()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Count(new InvariantNfn(Zoo, [16, 16, 5]) { Layer = (i, o) => Hnp(Zoo, i, o) }), Is.EqualTo(2_811_743));
            Assert.That(Count(new InvariantNfn(Zoo, [16, 16, 5]) { Layer = (i, o) => new NpLinear(Zoo, i, o) { InputOutputEmbeddings = true } }), Is.EqualTo(2_031_390));
        }
    }

    [Test]
    public void Editors_have_the_published_sizes()
    {
        var fourier = new GaussianFourier(Grey, 1, 128);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Count(new EditNet(Grey) { Encodings = [fourier], Layer = (i, o) => Hnp(Grey, i, o) }), Is.EqualTo(6_440_853));
            Assert.That(Count(new EditNet(Grey) { Encodings = [fourier, new IoSinusoidal(Grey, 256, 3)], Layer = (i, o) => new NpLinear(Grey, i, o) }), Is.EqualTo(4_133_656));
        }
    }

    [TestCase(false, 68_844_330, 45_478_186)]
    [TestCase(true, 135_126_826, 47_716_650)]
    public void Classifiers_of_images_have_the_published_sizes(bool colour, int hnp, int np)
    {
        var spec = colour ? Colour : Grey;
        var fourier = new GaussianFourier(spec, 1, 128);
        InvariantNfn Classifier(Func<int, int, WeightLayer> layer, params WeightLayer[] encodings) =>
            new(spec, [512, 512, 512]) { Encodings = encodings, Layer = layer, Head = c => new MlpHead(spec, c, 10) };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Count(Classifier((i, o) => Hnp(spec, i, o), fourier)), Is.EqualTo(hnp));
            Assert.That(Count(Classifier((i, o) => new NpLinear(spec, i, o), fourier, new IoSinusoidal(spec, 256, colour ? 6 : 3))), Is.EqualTo(np));
        }
    }

    [Test]
    public void Pools_give_as_many_features_as_they_say()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new HnpPool(Zoo).Features, Is.EqualTo(50));
            Assert.That(new HnpPool(Grey).Features, Is.EqualTo(7));
            Assert.That(new HnpPool(Colour).Features, Is.EqualTo(11));
            foreach (var spec in (WeightSpec[])[Mlp, Cnn, Zoo, Grey, Colour])
            {
                foreach (var pool in (WeightPool[])[new NpPool(spec), new HnpPool(spec), new WeightStatistics(spec)])
                    Assert.That(pool.Apply(Parameters.Empty, RandomNetworks.Features(spec, 2, 3, 0)).Shape, Is.EqualTo(Shape.Create([2, 3, pool.Features])), $"{pool}");
            }
        }
    }

    private static HnpLinear Hnp(WeightSpec spec, int inputs, int outputs) => new(spec, inputs, outputs) { LastBiasTerm = false };

    // Nothing is drawn: parameters are expressions until they are read.
    private static long Count(IModule module) => module.Init(RandomKey.From(0)).Size;
}
