using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces.Axes;

/// <summary>Equivariance and completeness of the layers that are generated from axes.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class AxisLinearTests
{
    private static readonly (string Name, AxisSpec Spec)[] Small =
    [
        ("residual", new([new("in", 2, false), new("stream", 2), new("hidden", 2)], [new("a", "stream", "in"), new("scale", "stream"), new("b", "hidden", "stream"), new("c", "stream", "hidden")])),
        ("recurrent", new([new("h", 4), new("x", 2)], [new("w", "h", "h"), new("u", "h", "x"), new("b", "h")])),
        ("attention", new([new("kind", 3, false), new("head", 2), new("place", 2), new("feature", 2)], [new("in", "kind", "head", "place", "feature"), new("out", "feature", "head", "place"), new("norm", "feature")])),
        ("three of one", new([new("n", 4)], [new("t", "n", "n", "n"), new("s")])),
        ("a number", new([new("n", 3)], [new("temperature"), new("w", "n")])),
    ];

    public static IEnumerable<TestCaseData> Specs => Small.Select(static (each, i) => new TestCaseData(i).SetName($"{{m}}: {each.Name}"));

    public static IEnumerable<TestCaseData> Networks => RandomAxes.Networks.Select(static (each, i) => new TestCaseData(i).SetName($"{{m}}: {each.Name}"));

    [TestCaseSource(nameof(Networks))]
    public void Permuting_axes_permutes_the_output_of_a_layer_and_leaves_pools(int which) => CheckEquivariance(AxisSpec.Of(RandomAxes.Networks[which].Network));

    [TestCaseSource(nameof(Specs))]
    public void Permuting_axes_permutes_the_output_of(int which) => CheckEquivariance(Small[which].Spec);

    // Of as many places as there are names in two tensors: with fewer, terms repeat one another.
    public static IEnumerable<TestCaseData> Wide => Specs.Where(static each => !each.TestName!.EndsWith("three of one", StringComparison.Ordinal));

    [TestCaseSource(nameof(Wide))]
    public void A_layer_spans_every_equivariant_map_and_each_of_its_terms_counts(int which)
    {
        var spec = Small[which].Spec;
        var layer = new AxisLinear(spec, 1, 1);
        var orbits = Orbits(spec);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(layer.Init(RandomKey.From(0)).Where(static name => name.EndsWith(".weight", StringComparison.Ordinal)).Size, Is.EqualTo(orbits), "terms");
            Assert.That(Rank(Matrices(layer, orbits + 5)), Is.EqualTo(orbits), "rank");
        }
    }

    [Test]
    public void Maps_among_axes_of_one_name_are_as_many_as_partitions()
    {
        long Terms(AxisSpec spec) => new AxisLinear(spec, 1, 1).Init(RandomKey.From(0)).Where(static name => name.EndsWith(".weight", StringComparison.Ordinal)).Size;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Terms(new([new("n", 4)], [new("w", "n", "n")])), Is.EqualTo(15)); // Bell numbers
            Assert.That(Terms(new([new("n", 6)], [new("w", "n", "n", "n")])), Is.EqualTo(203));
        }
    }

    [TestCase(true, 2, 4, 3, 2)]
    [TestCase(true, 2, 5, 3)]
    [TestCase(false, 2, 3, 2)]
    [TestCase(false, 3, 2, 3, 2)]
    public void Of_chains_the_layer_spans_what_those_for_chains_do(bool hiddenOnly, params int[] widths)
    {
        var chain = new WeightSpec(widths);
        var network = new Sequential([.. Enumerable.Range(0, chain.Layers).Select(i => new Linear(widths[i], widths[i + 1]))]);
        var layer = new AxisLinear(AxisSpec.Of(network, hiddenOnly: hiddenOnly), 1, 1);
        WeightLayer known = hiddenOnly ? new HnpLinear(chain, 1, 1) : new NpLinear(chain, 1, 1);
        var terms = checked((int)layer.Init(RandomKey.From(0)).Where(static name => name.EndsWith(".weight", StringComparison.Ordinal)).Size);
        var (own, other) = (Matrices(layer, terms + 5), Matrices(known, terms + 5));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Rank(own), Is.EqualTo(terms));
            Assert.That(Rank(other), Is.EqualTo(terms));
            Assert.That(Rank(Tensor.Concatenate(0, own, other)), Is.EqualTo(terms), "both together");
        }

        var pool = new AxisPool(layer.Spec);
        var vectors = RandomKey.From(1).Normal([2, chain.Parameters], type: DType.Float64);
        WeightPool chains = hiddenOnly ? new HnpPool(chain) : new NpPool(chain);
        Assert.That(RandomNetworks.Difference(
            pool.Apply(Parameters.Empty, AxisFeatures.FromVectors(layer.Spec, vectors)), chains.Apply(Parameters.Empty, WeightFeatures.FromVectors(chain, vectors))), Is.LessThan(1e-14));
    }

    [Test]
    public void Permuting_an_axis_of_one_tensor_alone_is_no_symmetry()
    {
        var spec = Small[0].Spec;
        var layer = new AxisLinear(spec, 2, 2);
        var (parameters, x) = (RandomNetworks.Parameters(layer, 1), RandomAxes.Features(spec, 2, 2, 3));
        var order = Tensor.From([1, 0], [2]);
        for (var moved = 0; moved < spec.Tensors.Count; moved++)
        {
            AxisFeatures Uncoupled(AxisFeatures y) => y.Map((i, t) => i == moved ? t.Take(order, 2) : t);
            Assert.That(RandomAxes.Difference(layer.Apply(parameters, Uncoupled(x)), Uncoupled(layer.Apply(parameters, x))), Is.GreaterThan(0.01), spec.Tensors[moved].Name);
        }
    }

    [Test]
    public void Parameters_serve_networks_whose_permuted_axes_have_other_sizes_but_no_other_networks()
    {
        var spec = Small[0].Spec;
        var layer = new AxisLinear(spec, 1, 2);
        var parameters = layer.Init(RandomKey.From(0), DType.Float64);
        var wide = spec.Resize(new Dictionary<string, int> { ["stream"] = 5, ["hidden"] = 7 });
        Assert.That(layer.Apply(parameters, RandomAxes.Features(wide, 3, 1, 1)).Spec, Is.EqualTo(wide));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => layer.Apply(parameters, RandomAxes.Features(spec, 3, 2, 1)), Throws.TypeOf<ShapeException>().With.Message.Contains("made for 1 channels, not 2"));
            var other = new AxisSpec([new("in", 3, false), .. spec.Axes.Skip(1)], spec.Tensors);
            Assert.That(() => layer.Apply(parameters, RandomAxes.Features(other, 3, 1, 1)), Throws.TypeOf<ShapeException>().With.Message.Contains("a[stream, 2 fixed], not a[stream, 3 fixed]"));
        }
    }

    private static void CheckEquivariance(AxisSpec spec)
    {
        var layer = new AxisLinear(spec, 2, 3);
        var pool = new AxisPool(spec);
        var (parameters, x, permutation) = (RandomNetworks.Parameters(layer, 1), RandomAxes.Features(spec, 2, 2, 3), AxisPermutation.Random(spec, RandomKey.From(5)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomAxes.Difference(layer.Apply(parameters, permutation.Apply(x)), permutation.Apply(layer.Apply(parameters, x))), Is.LessThan(1e-12));
            Assert.That(RandomNetworks.Difference(pool.Apply(Parameters.Empty, permutation.Apply(x)), pool.Apply(Parameters.Empty, x)), Is.LessThan(1e-12));
        }
    }

    private static Tensor Matrices(AxisLinear layer, int count)
    {
        var identity = AxisFeatures.FromVectors(layer.Spec, Tensor.Eye(layer.Spec.Parameters, DType.Float64));
        return Matrices(layer, count, parameters => layer.Apply(parameters, identity).ToVectors());
    }

    private static Tensor Matrices(WeightLayer layer, int count)
    {
        var identity = WeightFeatures.FromVectors(layer.Spec, Tensor.Eye(layer.Spec.Parameters, DType.Float64));
        return Matrices(layer, count, parameters => layer.Apply(parameters, identity).ToVectors());
    }

    // [count, n²]: matrices of the layer without its bias, for random parameters.
    private static Tensor Matrices(IModule layer, int count, Func<Parameters, Tensor> matrix)
    {
        var like = layer.Init(RandomKey.From(0), DType.Float64);
        var matrices = Transform.Vmap((Tensor vector) => matrix(like.FromVector(vector).Map(static (name, t) => name.EndsWith(".bias", StringComparison.Ordinal) ? t.ZerosLike() : t)).Flatten())(
            RandomKey.From(1).Normal([count, checked((int)like.Size)], type: DType.Float64));
        return matrices;
    }

    private static int Rank(Tensor matrices) => (int)LinearAlgebra.Rank(matrices).Item<long>();

    // Pairs of entries joined where an exchange of two neighbouring places leads from one to the other.
    private static int Orbits(AxisSpec spec)
    {
        var n = spec.Parameters;
        var parents = Enumerable.Range(0, n * n).ToArray();
        int Root(int at)
        {
            while (parents[at] != at) at = parents[at] = parents[parents[at]];
            return at;
        }

        var numbered = AxisFeatures.FromVectors(spec, Tensor.Arange(n).Unsqueeze(0));
        foreach (var axis in spec.Axes.Where(static axis => axis.Permutes))
        {
            for (var j = 1; j < axis.Size; j++)
            {
                var order = Enumerable.Range(0, axis.Size).ToArray();
                (order[j - 1], order[j]) = (j, j - 1);
                var exchange = new AxisPermutation(spec, new Dictionary<string, int[]> { [axis.Name] = order }).Apply(numbered).ToVectors().ToArray<int>();
                for (var p = 0; p < n; p++)
                {
                    for (var q = 0; q < n; q++) parents[Root(p * n + q)] = Root(exchange[p] * n + exchange[q]);
                }
            }
        }

        return Enumerable.Range(0, n * n).Count(at => parents[at] == at);
    }
}
