using Noether.Models.Tests.Fixtures;
using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Edges, errors, initial values and the reference's parameters of the linear layers.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class LinearLayerTests
{
    private static readonly WeightSpec Mlp = new(2, 5, 4, 3);

    public static IEnumerable<TestCaseData> Reference => FixtureFiles.Cases("nfn").Where(static c => c.TestName!.StartsWith("hnplinear", StringComparison.Ordinal));

    [TestCaseSource(nameof(Reference))]
    public void Reference_parameters_filled_up_with_zeros_give_the_reference_numbers(string path, string device)
    {
        var file = new FixtureFile(path, FixtureFiles.Open(device));
        var x = FixtureModule.Features(file, file.Under("in"));
        var layer = new HnpLinear(file.Spec, x.Channels, file["out.b0"].Shape[1]);
        var like = layer.Init(RandomKey.From(0, file.Device), file.Type);
        Assert.Throws<ParameterException>(() => ReferenceParameters.Load(like, file.Under("param")));
        var parameters = ReferenceParameters.Load(like, HnpLinear.WithLastBiasTerm(like, file.Under("param")));

        var actual = FixtureModule.Named(layer.Apply(parameters, x));
        Tensor.Evaluate(actual);
        foreach (var (name, y) in actual)
            Assert.That(RandomNetworks.Difference(y, file[$"out.{name}"]), Is.LessThan(file.Type == DType.Float64 ? 1e-12 : 1e-5), name);

        // and the new columns are used: their gradient is there
        var gradient = Transform.Grad<Parameters>(p => layer.Apply(p, x).Weights[^1].Square().Sum())(parameters)["wfin_cpt.weight"];
        Assert.That(gradient.Narrow(1, gradient.Shape[1] - x.Channels, x.Channels).Abs().Max().Item(), Is.GreaterThan(0));
    }

    [Test]
    public void Zeros_are_filled_in_wherever_a_model_has_such_layers()
    {
        InvariantNfn Model(bool term) => new(Mlp, [3, 2]) { Layer = (i, o) => new HnpLinear(Mlp, i, o) { LastBiasTerm = term }, Head = c => new MlpHead(Mlp, c) { Hidden = 4 } };
        var (old, like) = (RandomNetworks.Parameters(Model(false), 1), Model(true).Init(RandomKey.From(0), DType.Float64));
        var x = RandomNetworks.Features(Mlp, 3, 1, 2);
        var filled = HnpLinear.WithLastBiasTerm(like, old);
        like.CheckMatches(filled, "test");
        Assert.That(RandomNetworks.Difference(Model(true).Apply(filled, x), Model(false).Apply(old, x)), Is.LessThan(1e-13));
    }

    [Test]
    public void Networks_without_hidden_neurons_are_refused_by_what_permutes_hidden_neurons()
    {
        var spec = new WeightSpec(3, 2);
        foreach (var make in (Action[])[() => _ = new HnpLinear(spec, 1, 1), () => _ = new HnpPool(spec), () => _ = new ParamLayerNorm(spec, 2)])
            Assert.That(() => make(), Throws.ArgumentException.With.Message.Contains("3-2 has no hidden neurons"));
    }

    [Test]
    public void A_network_of_one_layer_has_NP_layers_and_embeddings()
    {
        var spec = new WeightSpec(3, 2);
        var layer = new NpLinear(spec, 2, 1) { InputOutputEmbeddings = true };
        var y = layer.Apply(RandomNetworks.Parameters(layer, 1), RandomNetworks.Features(spec, 2, 2, 2));
        Assert.That(y.Weights[0].Shape, Is.EqualTo(Shape.Create([2, 1, 2, 3])));
        Assert.That(y.Weights[0].IsFinite().All().Item<bool>(), Is.True);
    }

    public static IEnumerable<TestCaseData> Edges =>
    [
        new TestCaseData(new WeightSpec(2, 4, 3), 0).SetName("{m}: an empty batch"),
        new TestCaseData(new WeightSpec([2, 4, 3, 1], [(3, 3), (1, 2), (1, 1)]), 0).SetName("{m}: an empty batch of filters"),
        new TestCaseData(new WeightSpec(2, 4, 1), 3).SetName("{m}: one output neuron"),
        new TestCaseData(new WeightSpec(1, 1, 1, 1), 2).SetName("{m}: one neuron everywhere"),
        new TestCaseData(new WeightSpec([1, 4, 3, 2], [(3, 3), (1, 1), (2, 1)]), 2).SetName("{m}: filters of different sizes"),
        new TestCaseData(new WeightSpec([3, 4, 2], [(2, 2), (3, 1)]), 2).SetName("{m}: two layers with filters"),
    ];

    [TestCaseSource(nameof(Edges))]
    public void Every_module_takes(WeightSpec spec, int batch)
    {
        var x = RandomNetworks.Features(spec, batch, 2, 1);
        WeightModule[] modules =
        [
            new NpLinear(spec, 2, 3), new NpLinear(spec, 2, 3) { InputOutputEmbeddings = true }, new HnpLinear(spec, 2, 3), new Pointwise(spec, 2, 3),
            new GaussianFourier(spec, 2, 3), new IoSinusoidal(spec, 2, 1), new LearnedPositions(spec, 2), new SimpleLayerNorm(spec, 2), new WeightDropout(), new ChannelDropout(),
            new LearnedScale(spec), new WeightResidual(new HnpLinear(spec, 2, 2)),
        ];
        foreach (var module in modules)
        {
            var y = module.Apply(RandomNetworks.Parameters(module, 1), x, Context.ForTraining(RandomKey.From(0), module.InitState(DType.Float64)));
            Tensor.Evaluate(y);
            Assert.That(y.Leaves.All(static t => t.IsFinite().All().Item<bool>()), Is.True, $"{module}");
            Assert.That(y.Batch, Is.EqualTo(batch));
        }

        foreach (var pool in (WeightPool[])[new NpPool(spec), new HnpPool(spec), new WeightStatistics(spec)])
        {
            var y = pool.Apply(Parameters.Empty, x);
            Assert.That(y.Shape, Is.EqualTo(Shape.Create([batch, 2, pool.Features])));
            Assert.That(y.IsFinite().All().Item<bool>(), Is.True, $"{pool}");
        }
    }

    [Test]
    public void Parameters_of_hidden_layers_serve_networks_of_other_hidden_widths()
    {
        WeightSpec narrow = new(2, 3, 4, 2), wide = new(2, 9, 7, 2);
        foreach (var (layer, ends) in ((WeightLayer, bool)[])[(new NpLinear(narrow, 1, 2), false), (new HnpLinear(narrow, 1, 2), true), (new IoSinusoidal(narrow, 1, 2), true)])
        {
            var parameters = RandomNetworks.Parameters(layer, 1);
            Assert.That(layer.Apply(parameters, RandomNetworks.Features(wide, 2, 1, 3)).Spec, Is.EqualTo(wide));
            var other = RandomNetworks.Features(new(3, 9, 7, 2), 2, 1, 3);
            if (ends) Assert.That(() => layer.Apply(parameters, other), Throws.TypeOf<ShapeException>().With.Message.Contains("made for networks 2-3-4-2, not 3-9-7-2"));
            else Assert.That(layer.Apply(parameters, other).Spec, Is.EqualTo(other.Spec));
        }
    }

    [Test]
    public void Features_of_other_channels_or_filters_are_refused_at_the_call()
    {
        var layer = new NpLinear(Mlp, 2, 3);
        var parameters = layer.Init(RandomKey.From(0));
        Assert.That(() => layer.Apply(parameters, RandomNetworks.Features(Mlp, 1, 3, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("made for 2 channels, not the 3"));
        Assert.That(() => layer.Apply(parameters, RandomNetworks.Features(new([2, 5, 4, 3], [(3, 3), (1, 1), (1, 1)]), 1, 2, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("2-5(3x3)-4-3"));
    }

    [Test]
    public void Maps_that_add_into_one_output_begin_within_one_bound()
    {
        var spec = new WeightSpec(4, 12, 11, 5);
        var np = new NpLinear(spec, 8, 32).Init(RandomKey.From(1), DType.Float64);
        var hnp = new HnpLinear(spec, 8, 32).Init(RandomKey.From(1), DType.Float64);
        int all = 8 * (3 + 3), ends = all + 8 * (4 + 5 + 5);
        using (Assert.EnterMultipleScope())
        {
            foreach (var name in (string[])["layer_1", "layer_1_rc", "layer_1_r", "layer_1_c"]) CheckBound(np, name, 8 + all + 8 * 3 + 8 * 3);
            foreach (var name in (string[])["bias_1", "bias_1_rc"]) CheckBound(np, name, 8 * 3 + all);
            CheckBound(hnp, "w0_rpt", 8 * (4 + 1 + 1));
            CheckBound(hnp, "w0_rbdcst", ends);
            CheckBound(hnp, "bias_0", 8 * (4 + 1 + 1) + ends);
            CheckBound(hnp, "wfin_cpt", 8 * (5 + 1 + 1) + ends);
            CheckBound(hnp, "wfin_cbdcst", 8 * (5 + 1 + 1) + ends);
            CheckBound(hnp, "bias_fin_rc", ends);
        }

        static void CheckBound(Parameters parameters, string name, int inputs)
        {
            foreach (var part in (string[])["weight", "bias"])
            {
                var largest = parameters[$"{name}.{part}"].Abs().Max().Item() * Math.Sqrt(inputs);
                Assert.That(largest, Is.InRange(part == "weight" ? 0.98 : 0.7, 1.0), $"{name}.{part}");
            }
        }
    }

    [Test]
    public void He_initial_values_are_normal_and_biases_zero()
    {
        var parameters = new NpLinear(new(4, 12, 5), 16, 64) { HeNormal = true }.Init(RandomKey.From(1), DType.Float64);
        var inputs = 16 * (1 + 4 + 1 + 3);
        Assert.That(parameters["layer_0.weight"].Square().Mean().Item() * inputs / 2, Is.EqualTo(1).Within(0.15));
        Assert.That(parameters["layer_0_rc.bias"].Abs().Max().Item(), Is.Zero);
    }
}
