using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>f(πx) = πf(x) for random sizes, parameters and permutations π; and not for what is no symmetry, which catches dropped terms.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class EquivarianceTests
{
    private const double Tolerance = 1e-12;

    public static IEnumerable<TestCaseData> Modules => Cases(static (spec, c) =>
    [
        ("NP", new NpLinear(spec, c, 3), false),
        ("NP with embeddings", new NpLinear(spec, c, 2) { InputOutputEmbeddings = true }, true),
        ("HNP", new HnpLinear(spec, c, 3), true),
        ("HNP without the last bias term", new HnpLinear(spec, c, 2) { LastBiasTerm = false }, true),
        ("pointwise", new Pointwise(spec, c, 3), false),
        ("Fourier", new GaussianFourier(spec, c, 2) { Scale = 0.1 }, false),
        ("sinusoidal codes", new IoSinusoidal(spec, c, 3), true),
        ("learned positions", new LearnedPositions(spec, c), true),
        ("simple norm", new SimpleLayerNorm(spec, c), false),
        ("residual", new WeightResidual(new HnpLinear(spec, c, c)), true),
        ("scale", new LearnedScale(spec), false),
    ]);

    public static IEnumerable<TestCaseData> Pools => Cases(static (spec, c) =>
    [
        ("NP pool", new NpPool(spec), false),
        ("HNP pool", new HnpPool(spec), true),
        ("statistics", new WeightStatistics(spec), false),
        ("functional", new InvariantNfn(spec, [3, 3]) { Inputs = c, Head = h => new MlpHead(spec, h, 2) { Hidden = 4 } }, true),
        ("residual functional", new InvariantResNfn(spec, [3, 3, 3])
        {
            Inputs = c,
            Layer = (i, o) => new NpLinear(spec, i, o),
            Head = h => new MlpHead(spec, h, 2) { Hidden = 4, Pool = new NpPool(spec) },
        }, false),
    ]);

    [TestCaseSource(nameof(Modules))]
    public void Permuting_neurons_permutes_the_output(IModule module, WeightSpec spec, int channels, bool hiddenOnly, int seed)
    {
        var (layer, x, permutation) = ((WeightModule)module, RandomNetworks.Features(spec, 2, channels, seed), NeuronPermutation.Random(spec, RandomKey.From(seed), hiddenOnly));
        var parameters = RandomNetworks.Parameters(module, seed);
        var y = layer.Apply(parameters, x, RandomNetworks.Inference(module));
        Assert.That(RandomNetworks.Difference(layer.Apply(parameters, permutation.Apply(x), RandomNetworks.Inference(module)), permutation.Apply(y)), Is.LessThan(Tolerance));
    }

    [TestCaseSource(nameof(Pools))]
    public void Permuting_neurons_leaves_the_summary(IModule module, WeightSpec spec, int channels, bool hiddenOnly, int seed)
    {
        var (pool, x, permutation) = ((WeightModule<Tensor>)module, RandomNetworks.Features(spec, 2, channels, seed), NeuronPermutation.Random(spec, RandomKey.From(seed), hiddenOnly));
        var parameters = RandomNetworks.Parameters(module, seed);
        Assert.That(RandomNetworks.Difference(pool.Apply(parameters, permutation.Apply(x)), pool.Apply(parameters, x)), Is.LessThan(Tolerance));
    }

    [Test]
    public void A_dense_norm_over_parameters_commutes_with_hidden_permutations([Range(0, 2)] int seed)
    {
        var spec = RandomNetworks.Spec(seed, dense: true);
        Permuting_neurons_permutes_the_output(new ParamLayerNorm(spec, 3), spec, 3, hiddenOnly: true, seed);
    }

    [Test]
    public void An_edited_network_permutes_with_its_hidden_neurons([Range(0, 2)] int seed)
    {
        var spec = RandomNetworks.Spec(seed);
        Permuting_neurons_permutes_the_output(new EditNet(spec, 3, 2) { Norm = c => new SimpleLayerNorm(spec, c) }, spec, 1, hiddenOnly: true, seed);
    }

    [Test]
    public void Permuting_input_neurons_is_no_symmetry_for_HNP_and_one_for_NP()
    {
        var spec = new WeightSpec(4, 3, 3, 2);
        var permutation = new NeuronPermutation(spec, [[1, 2, 3, 0], [0, 1, 2], [0, 1, 2], [0, 1]]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Unequal(new NpLinear(spec, 2, 2), permutation.Apply, permutation.Apply), Is.LessThan(Tolerance));
            Assert.That(Unequal(new HnpLinear(spec, 2, 2), permutation.Apply, permutation.Apply), Is.GreaterThan(0.1));
            Assert.That(Unequal(new NpLinear(spec, 2, 2) { InputOutputEmbeddings = true }, permutation.Apply, permutation.Apply), Is.GreaterThan(0.1));
            Assert.That(Unequal(new IoSinusoidal(spec, 2, 3), permutation.Apply, permutation.Apply), Is.GreaterThan(0.1));
            Assert.That(Unequal(new LearnedPositions(spec, 2), permutation.Apply, permutation.Apply), Is.GreaterThan(0.1));
        }
    }

    [Test]
    public void Permuting_columns_of_one_layer_alone_is_no_symmetry([Values] bool hidden, [Values(1, 2)] int moved)
    {
        var spec = new WeightSpec(3, 4, 4, 3);
        WeightLayer layer = hidden ? new HnpLinear(spec, 2, 2) : new NpLinear(spec, 2, 2);
        var order = Tensor.From([1, 2, 3, 0], [4]);
        WeightFeatures Uncoupled(WeightFeatures x) => x.Map((i, w) => i == moved ? w.Take(order, -1) : w, static (_, b) => b);
        Assert.That(Unequal(layer, Uncoupled, Uncoupled), Is.GreaterThan(0.01));
    }

    [Test]
    public void A_layer_without_biases_and_its_adjoint_agree([Values] bool hidden)
    {
        var spec = new WeightSpec([3, 4, 5, 2], [(3, 3), (1, 1), (2, 1)]);
        WeightLayer layer = hidden ? new HnpLinear(spec, 2, 3) : new NpLinear(spec, 2, 3);
        var parameters = RandomNetworks.Parameters(layer, 3).Map(static (name, t) => name.EndsWith(".bias", StringComparison.Ordinal) ? t.ZerosLike() : t);
        WeightFeatures x = RandomNetworks.Features(spec, 2, 2, 1), other = RandomNetworks.Features(spec, 2, 2, 4), y = RandomNetworks.Features(spec, 2, 3, 2);
        var adjoint = Transform.Grad<WeightFeatures>(z => Dot(layer.Apply(parameters, z), y))(other); // does not depend on where it is taken
        var (forward, backward) = (Dot(layer.Apply(parameters, x), y).Item(), Dot(x, adjoint).Item());
        Assert.That(forward, Is.EqualTo(backward).Within(1e-12 * Math.Abs(forward) + 1e-12));

        static Tensor Dot(WeightFeatures a, WeightFeatures b) => a.Zip(b, static (s, t) => s * t).Leaves.Select(static t => t.Sum()).Aggregate(static (s, t) => s + t);
    }

    private static double Unequal(WeightLayer layer, Func<WeightFeatures, WeightFeatures> before, Func<WeightFeatures, WeightFeatures> after)
    {
        var (parameters, x) = (RandomNetworks.Parameters(layer, 5), RandomNetworks.Features(layer.Spec, 2, layer.Inputs, 6));
        return RandomNetworks.Difference(layer.Apply(parameters, before(x)), after(layer.Apply(parameters, x)));
    }

    private static IEnumerable<TestCaseData> Cases(Func<WeightSpec, int, (string Name, IModule Module, bool HiddenOnly)[]> modules)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var spec = RandomNetworks.Spec(seed);
            var channels = 2 + seed % 2;
            foreach (var (name, module, hiddenOnly) in modules(spec, channels))
                yield return new TestCaseData(module, spec, channels, hiddenOnly, seed).SetName($"{{m}}: {name}, {spec}");
        }
    }
}
