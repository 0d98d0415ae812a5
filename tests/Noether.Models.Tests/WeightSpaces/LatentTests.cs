using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Arrays of latents that are gathered from weights, and weights that are made of them.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class LatentTests
{
    private static readonly WeightSpec Spec = new(2, 4, 3, 1);

    public static IEnumerable<TestCaseData> Pools =>
    [
        Case("queries", new CrossAttentionEncoder(Spec, 4, 3), 4, hiddenOnly: false),
        Case("latents", new PerceiverPool(Spec, 4, 3, 6), 4, hiddenOnly: false),
        Case("latents that attend to one another, their mean", new PerceiverPool(Spec, 4, 3, 6) { SelfBlocks = 2, Reduce = true }, 4, hiddenOnly: false),
        Case("encoder", Encoder, 1, hiddenOnly: true),
        Case("autoencoder", new Inr2Array(Encoder, new SimpleDecoder(Spec, 6, 8), 5, 6), 1, hiddenOnly: true),
    ];

    private static Inr2ArrayEncoder Encoder => new(Spec, 4, 2, 2, 4, 6) { Expansion = 2 };

    [TestCaseSource(nameof(Pools))]
    public void Permuting_neurons_leaves_the_array(WeightModule<Tensor> module, int channels, bool hiddenOnly)
    {
        var (parameters, x) = (RandomNetworks.Parameters(module, 1), RandomNetworks.Features(Spec, 2, channels, 2));
        var permuted = NeuronPermutation.Random(Spec, RandomKey.From(3), hiddenOnly).Apply(x);
        var context = RandomNetworks.Inference(module);
        Assert.That(RandomNetworks.Difference(module.Apply(parameters, permuted, context), module.Apply(parameters, x, context)), Is.LessThan(1e-11));
    }

    [Test]
    public void A_pool_sees_which_network_it_is_given()
    {
        var pool = new PerceiverPool(Spec, 4, 3, 6);
        var y = pool.Apply(RandomNetworks.Parameters(pool, 1), RandomNetworks.Features(Spec, 2, 4, 2));
        Assert.That(RandomNetworks.Difference(y.Narrow(0, 0, 1), y.Narrow(0, 1, 1)), Is.GreaterThan(0.01));
    }

    [Test]
    public void Each_weight_decodes_by_its_own_query_in_the_order_of_flattening()
    {
        var decoder = new CrossAttentionDecoder(Spec, 4);
        var (parameters, latents) = (RandomNetworks.Parameters(decoder, 1), RandomKey.From(2).Normal([2, 3, 4], type: DType.Float64));
        var expected = (parameters["embeddings"].MatMul(latents.SwapAxes(1, 2)) / 2).Softmax(-1).MatMul(latents);
        Assert.That(RandomNetworks.Difference(decoder.Apply(parameters, latents).Flatten(), expected), Is.LessThan(1e-13));
    }

    [Test]
    public void Self_attention_of_latents_has_the_names_and_sizes_of_the_reference()
    {
        const int d = 6;
        var parameters = new PerceiverPool(Spec, 4, 3, d) { SelfBlocks = 1 }.Init(RandomKey.From(0));
        (string, int[])[] expected =
        [
            ("0.norm.weight", [d]), ("0.norm.bias", [d]), ("0.fn.to_q.weight", [512, d]), ("0.fn.to_kv.weight", [1024, d]), ("0.fn.to_out.weight", [d, 512]), ("0.fn.to_out.bias", [d]),
            ("1.norm.weight", [d]), ("1.norm.bias", [d]), ("1.fn.net.0.weight", [8 * d, d]), ("1.fn.net.0.bias", [8 * d]), ("1.fn.net.2.weight", [d, 4 * d]), ("1.fn.net.2.bias", [d]),
        ];
        Assert.That(parameters.Under("net.1.self_attns.0.0").Select(static p => (p.Key, p.Value.Shape)), Is.EquivalentTo(expected.Select(static e => (e.Item1, Shape.Create(e.Item2)))));
    }

    [Test]
    public void Memory_goes_to_attention_that_was_made_for_it()
    {
        var x = Tensor.Zeros([1, 2, 4]);
        PerceiverAttention self = new(4, 1, 4), cross = new(4, 1, 4) { MemoryFeatures = 4 };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => self.Apply(self.Init(RandomKey.From(0)), x, x, Context.ForInference()), Throws.InvalidOperationException);
            Assert.That(() => cross.Apply(cross.Init(RandomKey.From(0)), x), Throws.InvalidOperationException);
        }
    }

    [Test]
    public void Features_that_do_not_fit_are_named()
    {
        var convolutions = new WeightSpec([2, 3, 4], [(3, 3), (1, 1)]);
        PerceiverPool pool = new(convolutions, 4, 3, 6), narrow = new(Spec, 4, 3, 6);
        var decoder = new CrossAttentionDecoder(Spec, 4);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => pool.Apply(pool.Init(RandomKey.From(0)), RandomNetworks.Features(convolutions, 1, 4, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("convolutions"));
            Assert.That(() => narrow.Apply(narrow.Init(RandomKey.From(0)), RandomNetworks.Features(Spec, 1, 3, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("4 channels"));
            Assert.That(() => decoder.Apply(decoder.Init(RandomKey.From(0)), Tensor.Zeros([2, 3, 5])), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 3, 5]"));
        }
    }

    private static TestCaseData Case(string name, WeightModule<Tensor> module, int channels, bool hiddenOnly) => new TestCaseData(module, channels, hiddenOnly).SetName($"{{m}}: {name}");
}
