using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Models that know the scales of ReLU and the signs of sines, and the same models without.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class ScaleSymmetryTests
{
    private const double Tolerance = 1e-12;

    private static RandomKey Key => RandomKey.From(9);

    [Test]
    public void Scaling_hidden_neurons_leaves_an_invariant_model_and_changes_it_without_the_option([Values] ScaleSymmetry symmetry, [Range(0, 3)] int seed)
    {
        var spec = RandomNetworks.Spec(seed);
        var model = new InvariantNfn(spec, [4, 4]) { Head = c => new MlpHead(spec, c, 2) { Hidden = 8 } };
        var parameters = RandomNetworks.Parameters(model, seed);
        var x = RandomNetworks.Features(spec, 3, 1, seed + 1);
        var scaled = Scale(x, symmetry);
        var invariant = new ScaleInvariant(symmetry, model);
        var permutation = NeuronPermutation.Random(spec, Key);
        var y = invariant.Apply(parameters, x);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(invariant.Apply(parameters, scaled), y), Is.LessThan(Tolerance));
            Assert.That(RandomNetworks.Difference(invariant.Apply(parameters, permutation.Apply(scaled)), y), Is.LessThan(Tolerance), "and permuted");
            Assert.That(RandomNetworks.Difference(model.Apply(parameters, scaled), model.Apply(parameters, x)), Is.GreaterThan(1e-3), "without");
        }
    }

    [Test]
    public void Scaling_hidden_neurons_scales_what_a_layer_gives_and_does_not_without_the_option([Values] ScaleSymmetry symmetry, [Values] bool hiddenOnly, [Range(0, 3)] int seed)
    {
        var spec = RandomNetworks.Spec(seed);
        WeightLayer layer = hiddenOnly ? new HnpLinear(spec, 2, 3) : new NpLinear(spec, 2, 3);
        var parameters = RandomNetworks.Parameters(layer, seed);
        var x = RandomNetworks.Features(spec, 2, 2, seed + 1);
        var equivariant = new ScaleEquivariant(symmetry, layer);
        var permutation = NeuronPermutation.Random(spec, Key, hiddenOnly);
        var y = equivariant.Apply(parameters, x);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(equivariant.Apply(parameters, Scale(x, symmetry)), Scale(y, symmetry)), Is.LessThan(Tolerance));
            Assert.That(RandomNetworks.Difference(equivariant.Apply(parameters, permutation.Apply(x)), permutation.Apply(y)), Is.LessThan(Tolerance), "permuted");
            Assert.That(RandomNetworks.Difference(layer.Apply(parameters, Scale(x, symmetry)), Scale(layer.Apply(parameters, x), symmetry)), Is.GreaterThan(1e-3), "without");
        }
    }

    [Test]
    public void An_edited_network_computes_the_same_however_its_neurons_were_scaled()
    {
        var spec = new WeightSpec(2, 6, 5, 1);
        var edit = new ScaleEquivariant(ScaleSymmetry.Sign, new EditNet(spec, 3, 2));
        var parameters = RandomNetworks.Parameters(edit, 1);
        var x = WeightFeatures.From(spec, Parameters.Stack(new Siren(spec).Init(RandomKey.From(1), DType.Float64), new Siren(spec).Init(RandomKey.From(2), DType.Float64)));
        var renderer = new SirenRenderer(5, 5);
        var image = renderer.Render(edit.Apply(parameters, x));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(renderer.Render(edit.Apply(parameters, Scale(x, ScaleSymmetry.Sign))), image), Is.LessThan(1e-11));
            Assert.That(RandomNetworks.Difference(renderer.Render(x), image), Is.GreaterThan(0.01), "nothing was edited");
        }
    }

    [Test]
    public void Networks_with_normalised_scales_are_one_whatever_their_scales([Values] ScaleSymmetry symmetry)
    {
        var spec = new WeightSpec([1, 4, 3, 2], [(3, 3), (2, 1), (1, 1)]);
        var x = RandomNetworks.Features(spec, 3, 1, 4);
        var normal = WeightTransforms.NormalizeScales(x, symmetry);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(WeightTransforms.NormalizeScales(Scale(x, symmetry), symmetry), normal), Is.LessThan(Tolerance));
            foreach (var scale in WeightTransforms.NeuronScales(normal, symmetry)) Assert.That((scale - 1).Abs().Max().Item(), Is.LessThan(Tolerance), "settled");
            foreach (var (scale, i) in WeightTransforms.NeuronScales(x, symmetry).Select(static (scale, i) => (scale, i)))
                Assert.That((scale - 1).Abs().Max().Item(), Is.GreaterThan(0.1), $"layer {i}");
        }
    }

    [Test]
    public void Neurons_without_incoming_weights_keep_their_scale([Values] ScaleSymmetry symmetry)
    {
        var x = RandomNetworks.Features(new(2, 3, 1), 1, 1, 1).Map(static t => t.ZerosLike());
        Assert.That(WeightTransforms.NeuronScales(x, symmetry)[0].ToArray<double>(), Is.All.EqualTo(1));
    }

    // λ of its own for each neuron of each network, always the same ones.
    private static WeightFeatures Scale(WeightFeatures x, ScaleSymmetry symmetry) =>
        symmetry == ScaleSymmetry.Positive ? WeightTransforms.RandomScales(x, Key, 0.7) : WeightTransforms.RandomSigns(x, Key);
}
