using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class LayerFeaturesTests
{
    private static readonly Sequential Inner = new(new Linear(5, 5), Activation.Tanh);
    private static readonly Sequential Network = new(new Linear(3, 5), new BatchNorm(5), new Residual(Inner), new Linear(5, 2));

    [Test]
    public void Every_part_shows_what_it_gives()
    {
        var (p, state, x) = (Network.Init(RandomKey.From(1), DType.Float64), Network.InitState(DType.Float64), RandomKey.From(2).Normal([4, 3], type: DType.Float64));
        var seen = LayerFeatures.Of(Network, p, state, x);
        Assert.That(seen.Names, Is.EqualTo(["0", "1", "2.body.0", "2.body.1", "2.body", "2", "3"]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen["3"].ToArray<double>(), Is.EqualTo(Network.Apply(p, state, x).ToArray<double>()));
            Assert.That(seen["2.body"].ToArray<double>(), Is.EqualTo(Inner.Apply(p.Under("2.body"), seen["1"]).ToArray<double>()));
            Assert.That((seen["2"] - seen["1"] - seen["2.body.1"]).Abs().Max().Item(), Is.LessThan(1e-15));
            Assert.That(LayerFeatures.Of(Network, p, state, x, static path => path == "2").Names, Is.EqualTo(["2"]));
            Assert.That(LayerFeatures.Of(new Linear(3, 5), p.Under("0"), Parameters.Empty, x).Count, Is.Zero, "no named parts");
        }
    }

    [Test]
    public void Features_of_several_networks_come_at_once()
    {
        var (first, second) = (Network.Init(RandomKey.From(1), DType.Float64), Network.Init(RandomKey.From(3), DType.Float64));
        var (state, x) = (Network.InitState(DType.Float64), RandomKey.From(2).Normal([4, 3], type: DType.Float64));
        var both = Transform.Compile<Parameters, Parameters>(Transform.Vmap<Parameters, Parameters>(p => LayerFeatures.Of(Network, p, state, x)))(Parameters.Stack(first, second));
        Assert.That((both.Unstack(1) - LayerFeatures.Of(Network, second, state, x)).Norm().Item(), Is.LessThan(1e-13));
    }
}
