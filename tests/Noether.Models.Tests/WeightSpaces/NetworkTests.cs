using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Whole models: training on vectors, names, and what a model begins as.</summary>
[TestFixture]
public sealed class NetworkTests
{
    private static readonly WeightSpec Spec = new(2, 6, 3);

    public static IEnumerable<TestCaseData> Models =>
    [
        new TestCaseData(new InvariantNfn(Spec, [4, 4])
        {
            Encodings = [new GaussianFourier(Spec, 1, 3) { Scale = 0.2 }, new IoSinusoidal(Spec, 6, 2)],
            Layer = static (i, o) => new NpLinear(Spec, i, o),
            Norm = static c => new SimpleLayerNorm(Spec, c),
            FeatureDropout = 0.1,
            Head = static c => new MlpHead(Spec, c) { Hidden = 8, LayerNorm = true, Dropout = 0.1 },
        }).SetName("{m}: NP with encodings, norms and dropout"),
        new TestCaseData(new InvariantResNfn(Spec, [4, 4, 4]) { FeatureDropout = 0.1, Head = static c => new MlpHead(Spec, c) { Hidden = 8 } }).SetName("{m}: residual HNP"),
        new TestCaseData(new StatNet(Spec) { Hidden = 8, Dropout = 0.1 }).SetName("{m}: statistics"),
        new TestCaseData(new FlatMlp(Spec, 1) { Hidden = 8 }).SetName("{m}: flat"),
    ];

    [TestCaseSource(nameof(Models))]
    public void The_trainer_fits_a_model_to_networks_given_as_vectors(WeightModule<Tensor> model)
    {
        var vectors = RandomKey.From(1).Normal([32, Spec.Parameters]);
        var targets = vectors.Square().Mean(1, keepAxis: true);
        var trainer = new Trainer(new VectorNetworks(Spec, model), static (y, t) => Loss.MeanSquared(y, t), new Adam { LearningRate = 1e-2 });
        var state = trainer.Init(RandomKey.From(0));
        double Error(TrainingState s) => Loss.MeanSquared(trainer.Module.Apply(s.Parameters, s.State, vectors), targets).Item();
        var before = Error(state);
        state = trainer.Fit(state, Dataset.Of(vectors, targets), new FitOptions { BatchSize = 16, Epochs = 8 });
        Assert.That(Error(state), Is.LessThan(0.7 * before));
    }

    [Test]
    public void Statistics_of_the_training_set_are_state_of_the_model()
    {
        var training = RandomNetworks.Features(Spec, 8, 1, 1).Map(static t => t * 5 - 1);
        var plain = new InvariantNfn(Spec, [3, 2]) { Head = static c => new MlpHead(Spec, c) { Hidden = 4 } };
        var model = plain with { Normalization = WeightNormalization.Of(training) };
        var (parameters, state) = (RandomNetworks.Parameters(model, 1), model.InitState(DType.Float64));
        Assert.That(state.Contains("normalization.std_weights_1"), Is.True);
        var normal = model.Normalization!.Apply(Parameters.Empty, training, Context.ForInference(state.Under("normalization")));
        Assert.That(RandomNetworks.Difference(model.Apply(parameters, training, Context.ForInference(state)), plain.Apply(parameters, normal)), Is.LessThan(1e-13));
    }

    [Test]
    public void An_editor_begins_near_the_networks_themselves()
    {
        var x = RandomNetworks.Features(Spec, 2, 1, 1);
        var editor = new EditNet(Spec, 4, 2);
        var y = editor.Apply(editor.Init(RandomKey.From(0), DType.Float64), x);
        Assert.That(RandomNetworks.Difference(y, x), Is.InRange(1e-6, 0.05));
    }

    [Test]
    public void Names_are_the_references()
    {
        var names = new InvariantNfn(Spec, [2, 2])
        {
            Encodings = [new GaussianFourier(Spec, 1, 2)],
            Norm = static c => new SimpleLayerNorm(Spec, c),
            Head = static c => new MlpHead(Spec, c, 10) { LayerNorm = true, Dropout = 0.5 },
        }.Init(RandomKey.From(0)).Names;
        using (Assert.EnterMultipleScope())
        {
            foreach (var name in (string[])["nfnet_features.1.w0_rpt.weight", "nfnet_features.2.w_norms.0.gamma", "nfnet_features.4.bias_fin_rc.bias", "head.head.2.weight", "head.head.3.bias", "head.head.6.weight", "head.head.10.bias"])
                Assert.That(names, Does.Contain(name));
            Assert.That(new FlatMlp(Spec, 10) { Layers = 3 }.Init(RandomKey.From(0)).Names.Where(static n => n.EndsWith(".weight", StringComparison.Ordinal)),
                Is.EqualTo((string[])["hypernetwork.2.weight", "hypernetwork.5.weight", "hypernetwork.8.weight"]));
        }
    }

    [Test]
    public void A_network_of_one_layer_has_a_functional_over_all_neurons()
    {
        var spec = new WeightSpec(3, 2);
        var model = new InvariantNfn(spec, [4]) { Layer = (i, o) => new NpLinear(spec, i, o), Head = c => new MlpHead(spec, c) { Hidden = 4, Pool = new NpPool(spec) } };
        Assert.That(model.Apply(model.Init(RandomKey.From(0)), RandomNetworks.Features(spec, 5, 1, 1)).Shape, Is.EqualTo(Shape.Create([5, 1])));
        Assert.That(() => new InvariantNfn(spec, []), Throws.ArgumentException);
    }

    [Test]
    public void A_residual_block_refuses_a_layer_that_changes_the_channels() =>
        Assert.That(() => new WeightResidual(new HnpLinear(Spec, 2, 3)), Throws.ArgumentException.With.Message.Contains("2 channels and the layer's 3"));
}
