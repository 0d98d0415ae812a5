using Noether.Models.WeightSpaces;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>How many equivariant maps the linear layers span, and how many there are: orbits of the group on pairs of parameters.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class EquivariantDimensionTests
{
    [TestCase(114, 112, 2, 4, 3, 2)]
    [TestCase(117, 114, 2, 5, 3)]
    [TestCase(164, 162, 2, 3, 4, 3, 2)]
    [TestCase(222, 220, 2, 3, 3, 3, 3, 2)]
    [TestCase(99, 98, 3, 4, 4, 1)]
    public void HNP_layers_span_every_equivariant_map_and_without_the_last_bias_term_all_but_one_for_each_output(int all, int without, params int[] widths)
    {
        var spec = new WeightSpec(widths);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Orbits(spec, hiddenOnly: true), Is.EqualTo(all), "orbits");
            Assert.That(Formula(spec, term: true), Is.EqualTo(all), "formula");
            Assert.That(Formula(spec, term: false), Is.EqualTo(without), "formula without");
            Assert.That(Rank(new HnpLinear(spec, 1, 1), all), Is.EqualTo(all), "rank");
            Assert.That(Rank(new HnpLinear(spec, 1, 1) { LastBiasTerm = false }, all), Is.EqualTo(without), "rank without");
        }
    }

    [TestCase(32, 2, 3, 2)]
    [TestCase(62, 3, 2, 3, 2)]
    [TestCase(100, 2, 3, 2, 2, 3)]
    [TestCase(146, 2, 2, 3, 2, 2, 2)]
    public void NP_layers_span_every_equivariant_map_and_each_of_their_terms_counts(int all, params int[] widths)
    {
        var spec = new WeightSpec(widths);
        var layer = new NpLinear(spec, 1, 1);
        var terms = layer.Init(RandomKey.From(0)).Where(static name => name.EndsWith(".weight", StringComparison.Ordinal)).Size;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Orbits(spec, hiddenOnly: false), Is.EqualTo(all), "orbits");
            Assert.That(terms, Is.EqualTo(all), "terms");
            Assert.That(Rank(layer, all), Is.EqualTo(all), "rank");
        }
    }

    // Of matrices of the layer for random parameters, more than there can be dimensions.
    private static int Rank(WeightLayer layer, int atMost)
    {
        var n = layer.Spec.Parameters;
        var identity = WeightFeatures.FromVectors(layer.Spec, Tensor.Eye(n, DType.Float64));
        var like = layer.Init(RandomKey.From(0), DType.Float64);
        var matrices = Transform.Vmap((Tensor vector) =>
        {
            var parameters = like.FromVector(vector).Map(static (name, t) => name.EndsWith(".bias", StringComparison.Ordinal) ? t.ZerosLike() : t);
            return layer.Apply(parameters, identity).ToVectors();
        })(RandomKey.From(1).Normal([atMost + 5, checked((int)like.Size)], type: DType.Float64));
        return (int)LinearAlgebra.Rank(matrices.Reshape(atMost + 5, n * n)).Item<long>();
    }

    // n_0, n_L, and the numbers of independent inputs: g of the whole, c of a column, d of a row.
    private static int Formula(WeightSpec spec, bool term)
    {
        int layers = spec.Layers, inputs = spec.Widths[0], outputs = spec.Widths[^1], t = term ? 1 : 0;
        var g = layers - 2 + layers - 1 + inputs + 2 * outputs;
        if (layers == 2) return (inputs + 1) * (inputs + 1 + outputs + g) + outputs * (outputs + inputs + g + t) + outputs * g;
        return (inputs + 1) * (inputs + 2 + g) + outputs * (outputs + 1 + g + t) + outputs * g + Enumerable.Range(1, layers - 2).Sum(i =>
        {
            int c = i == 1 ? 2 + inputs : 3, d = i == layers - 2 ? 2 + outputs : 3;
            return 1 + g + c + d + d + g;
        });
    }

    // Pairs (p, q) of parameters joined where an exchange of two neighbouring neurons leads from one to the other.
    private static int Orbits(WeightSpec spec, bool hiddenOnly)
    {
        var n = spec.Parameters;
        var parents = Enumerable.Range(0, n * n).ToArray();
        int Root(int at)
        {
            while (parents[at] != at) at = parents[at] = parents[parents[at]];
            return at;
        }

        foreach (var exchange in Exchanges(spec, hiddenOnly))
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = 0; q < n; q++) parents[Root(p * n + q)] = Root(exchange[p] * n + exchange[q]);
            }
        }

        return Enumerable.Range(0, n * n).Count(at => parents[at] == at);
    }

    // As permutations of the parameters, found by permuting a network whose parameters are their own numbers.
    private static IEnumerable<int[]> Exchanges(WeightSpec spec, bool hiddenOnly)
    {
        var numbered = WeightFeatures.FromVectors(spec, Tensor.Arange(spec.Parameters).Unsqueeze(0));
        for (var layer = hiddenOnly ? 1 : 0; layer <= (hiddenOnly ? spec.Layers - 1 : spec.Layers); layer++)
        {
            for (var j = 1; j < spec.Widths[layer]; j++)
            {
                int[][] orders = [.. spec.Widths.Select(static width => Enumerable.Range(0, width).ToArray())];
                (orders[layer][j - 1], orders[layer][j]) = (j, j - 1);
                yield return new NeuronPermutation(spec, orders).Apply(numbered).ToVectors().ToArray<int>();
            }
        }
    }
}
