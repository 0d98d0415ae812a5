using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Attention on weight spaces and what is made of it: which permutations it follows, and which it does not.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class NpAttentionTests
{
    private const double Tolerance = 1e-12;
    private const int Channels = 4, Heads = 2;

    private static readonly WeightSpec Small = new(3, 4, 5, 2);

    public static IEnumerable<TestCaseData> Modules
    {
        get
        {
            // One layer, two, one output; then random sizes, whose filters need projections of their own.
            foreach (var spec in (WeightSpec[])[new(3, 4), new(2, 5, 3), new(3, 4, 1), .. Enumerable.Range(0, 3).Select(static seed => RandomNetworks.Spec(seed))])
            {
                foreach (var shared in spec.IsDense ? (bool[])[true, false] : [false])
                {
                    yield return Case("both terms", new NpAttention(spec, Channels, Heads) { Shared = shared });
                    yield return Case("neurons", new NpAttention(spec, Channels, 1) { Shared = shared, GlobalTerm = false });
                    yield return Case("means", new NpAttention(spec, Channels, Channels) { Shared = shared, NeuronTerm = false });
                    yield return Case("block", new NftBlock(spec, Channels, Heads) { Shared = shared, Expansion = 2 });

                    TestCaseData Case(string name, WeightLayer layer) => new TestCaseData(layer).SetName($"{{m}}: {name}, {spec}{(shared ? "" : ", unshared")}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Modules))]
    public void Permuting_neurons_permutes_the_output(WeightLayer layer)
    {
        var (parameters, x) = (RandomNetworks.Parameters(layer, 1), RandomNetworks.Features(layer.Spec, 2, Channels, 2));
        var permutation = NeuronPermutation.Random(layer.Spec, RandomKey.From(3), hiddenOnly: false);
        var expected = permutation.Apply(layer.Apply(parameters, x));
        Assert.That(RandomNetworks.Difference(layer.Apply(parameters, permutation.Apply(x)), expected), Is.LessThan(Tolerance));
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Permuting_columns_and_the_rows_before_apart_is_no_symmetry_of_attention_among_neurons(bool neurons, bool means)
    {
        var layer = new NpAttention(Small, Channels, Heads) { NeuronTerm = neurons, GlobalTerm = means };
        var (parameters, x) = (RandomNetworks.Parameters(layer, 1), RandomNetworks.Features(Small, 2, Channels, 2));
        Tensor columns = Tensor.From([1, 2, 3, 0], [4]), rows = Tensor.From([2, 0, 3, 1], [4]);
        WeightFeatures Apart(WeightFeatures f) => f.Map((i, w) => i switch { 0 => w.Take(rows, -2), 1 => w.Take(columns, -1), _ => w }, (i, b) => i == 0 ? b.Take(rows, -1) : b);
        var difference = RandomNetworks.Difference(layer.Apply(parameters, Apart(x)), Apart(layer.Apply(parameters, x)));
        Assert.That(difference, neurons ? Is.GreaterThan(0.01) : Is.LessThan(Tolerance), "means alone do not see how columns and rows belong together");
    }

    [Test]
    public void The_terms_add([Values] bool shared)
    {
        var both = new NpAttention(Small, Channels, Heads) { Shared = shared };
        var (parameters, x) = (RandomNetworks.Parameters(both, 1), RandomNetworks.Features(Small, 2, Channels, 2));
        var apart = (both with { GlobalTerm = false }).Apply(parameters, x) + (both with { NeuronTerm = false }).Apply(parameters, x);
        Assert.That(RandomNetworks.Difference(both.Apply(parameters, x), apart), Is.LessThan(Tolerance));
    }

    [TestCase(true, true, 3)]
    [TestCase(true, false, 2)]
    [TestCase(false, true, 1)]
    public void The_bias_of_the_map_back_counts_once_for_each_term(bool neurons, bool means, int terms)
    {
        var layer = new NpAttention(Small, Channels, Heads) { Shared = false, NeuronTerm = neurons, GlobalTerm = means };
        var parameters = RandomNetworks.Parameters(layer, 1).Map(static (name, t) =>
            name.StartsWith("unproject", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal) ? t.ZerosLike() : t);
        var y = layer.Apply(parameters, RandomNetworks.Features(Small, 2, Channels, 2));
        var expected = (terms * parameters["unproject_weight.1.linear.bias"]).Reshape(1, Channels, 1, 1).BroadcastTo(y.Weights[1].Shape);
        Assert.That(RandomNetworks.Difference(y.Weights[1], expected), Is.LessThan(Tolerance));
    }

    [Test]
    public void Parameters_serve_networks_of_other_widths()
    {
        var (other, layer) = (new WeightSpec(5, 2, 7, 3), new NftBlock(Small, Channels, Heads));
        var parameters = RandomNetworks.Parameters(layer, 1);
        var x = RandomNetworks.Features(other, 2, Channels, 2);
        Assert.That(RandomNetworks.Difference(layer.Apply(parameters, x), new NftBlock(other, Channels, Heads).Apply(parameters, x)), Is.Zero);
    }

    [Test]
    public void No_networks_make_no_output()
    {
        var layer = new NftBlock(Small, Channels, Heads);
        Assert.That(layer.Apply(RandomNetworks.Parameters(layer, 1), RandomNetworks.Features(Small, 0, Channels, 2)).Batch, Is.Zero);
    }

    [Test]
    public void Dropout_changes_training_only()
    {
        var layer = new NpAttention(Small, Channels, Heads) { Dropout = 0.5 };
        var (parameters, x) = (RandomNetworks.Parameters(layer, 1), RandomNetworks.Features(Small, 2, Channels, 2));
        var without = (layer with { Dropout = 0 }).Apply(parameters, x);
        WeightFeatures Train(NpAttention attention, int seed) => attention.Apply(parameters, x, Context.ForTraining(RandomKey.From(seed)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(layer.Apply(parameters, x), without), Is.Zero);
            Assert.That(RandomNetworks.Difference(Train(layer, 1), without), Is.GreaterThan(0.01));
            Assert.That(RandomNetworks.Difference(Train(layer, 1), Train(layer, 2)), Is.GreaterThan(0.01));
            Assert.That(RandomNetworks.Difference(Train(layer, 1), Train(layer, 1)), Is.Zero);
            Assert.That(RandomNetworks.Difference(Train(layer with { Dropout = 1e-9 }, 1), without), Is.LessThan(1e-6), "attention with weights in hand");
        }
    }

    [Test]
    public void Sizes_that_do_not_fit_are_named()
    {
        var convolutions = new WeightSpec([2, 3, 4], [(3, 3), (1, 1)]);
        var (key, block) = (RandomKey.From(0), new NftBlock(Small, Channels, Heads));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new NpAttention(Small, 5, 2).Init(key), Throws.ArgumentException.With.Message.Contains("2 heads do not divide 5 channels"));
            Assert.That(() => new NpAttention(Small, 4, 0).Init(key), Throws.ArgumentException.With.Message.Contains("0 heads"));
            Assert.That(() => new NpAttention(convolutions, 4, 2).Init(key), Throws.ArgumentException.With.Message.Contains($"{convolutions}"));
            Assert.That(() => new NpAttention(Small, 4, 2) { NeuronTerm = false, GlobalTerm = false }.Init(key), Throws.ArgumentException);
            Assert.That(() => block.Apply(block.Init(key), RandomNetworks.Features(Small, 2, 2, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("4 channels"));
        }
    }

    [Test]
    public void Parameters_are_as_many_as_the_formulas_say()
    {
        var convolutions = new WeightSpec([2, 4, 5, 3], [(3, 3), (3, 3), (1, 1)]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new NpAttention(Small, 8, 2).Init(RandomKey.From(0)).Size, Is.EqualTo(3 * 8 * 9));
            // to 3c from f·c channels and back for weights, to 3c from c for biases
            Assert.That(new NpAttention(convolutions, 4, 2) { Shared = false }.Init(RandomKey.From(0)).Size,
                Is.EqualTo(((int[])[9, 9, 1]).Sum(static f => 12 * (4 * f + 1) + 12 * 5 + 4 * f * 5)));
            // two norms, one projection, and two maps for each of six tensors
            Assert.That(new NftBlock(Small, 8, 2) { Expansion = 2 }.Init(RandomKey.From(0)).Size, Is.EqualTo(2 * 6 * 16 + 3 * 8 * 9 + 6 * (16 * 9 + 8 * 17)));
        }
    }
}
