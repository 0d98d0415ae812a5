using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Changes of weights against what they do to the function: drawn before and after.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class WeightTransformsTests
{
    private const double Tolerance = 1e-12;
    private const int Side = 6;

    private static readonly WeightSpec Spec = new(2, 7, 6, 3);
    private static readonly SirenOptions Options = new() { FirstOmega = 20, Omega = 30 };

    private static RandomKey Key => RandomKey.From(9);

    private static WeightFeatures Networks => WeightFeatures.From(
        Spec, Parameters.Stack([.. Enumerable.Range(0, 3).Select(static seed => new Siren(Spec) { Options = Options }.Init(RandomKey.From(seed), DType.Float64))]));

    public static IEnumerable<TestCaseData> Symmetries =>
    [
        Case("orders", static x => WeightTransforms.RandomOrders(x, Key)),
        Case("signs", static x => WeightTransforms.RandomSigns(x, Key)),
        Case("phases", static x => WeightTransforms.RandomPhases(x, Key, Options)),
        Case("many half periods", static x => WeightTransforms.RandomPhases(x, Key, Options, most: 5)),
        Case("canonical form", static x => WeightTransforms.CanonicalizeSines(WeightTransforms.RandomPhases(x, Key, Options, most: 5), Options)),
    ];

    public static IEnumerable<TestCaseData> Pictures =>
    [
        Case("top and bottom", static x => WeightTransforms.Flip(x, 0), static y => y.Flip(2)),
        Case("left and right", static x => WeightTransforms.Flip(x, 1), static y => y.Flip(3)),
        Case("a quarter turn", static x => WeightTransforms.QuarterTurns(x), static y => Turned(y, 1)),
        Case("half a turn", static x => WeightTransforms.QuarterTurns(x, 2), static y => Turned(y, 2)),
        Case("a quarter turn back", static x => WeightTransforms.QuarterTurns(x, -1), static y => Turned(y, 3)),
        Case("contrast and brightness", static x => WeightTransforms.AdjustOutputs(x, 0.7, 0.2), static y => 0.7 * y + 0.2),
        Case("negative", static x => WeightTransforms.AdjustOutputs(x, -1), static y => -y),
        Case("one pixel down", static x => WeightTransforms.ShiftInputs(x, Tensor.From([2.0 / (Side - 1), 0])), static y => y.Narrow(2, 1, Side - 1), static y => y.Narrow(2, 0, Side - 1)),
    ];

    [TestCaseSource(nameof(Symmetries))]
    public void A_symmetry_leaves_the_image_and_changes_the_weights(Func<WeightFeatures, WeightFeatures> change)
    {
        var (x, changed) = (Networks, change(Networks));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(Draw(changed), Draw(x)), Is.LessThan(Tolerance));
            Assert.That(RandomNetworks.Difference(changed, x), Is.GreaterThan(0.01));
        }
    }

    [TestCaseSource(nameof(Pictures))]
    public void A_change_of_weights_is_a_change_of_the_image(Func<WeightFeatures, WeightFeatures> change, Func<Tensor, Tensor> before, Func<Tensor, Tensor> after) =>
        Assert.That(RandomNetworks.Difference(after(Draw(change(Networks))), before(Draw(Networks))), Is.LessThan(Tolerance));

    [Test]
    public void Maps_of_inputs_and_shifts_move_the_points_of_each_network()
    {
        var (x, points) = (Networks, Key.Uniform([5, 2], -1, 1, DType.Float64));
        Tensor map = Key.Normal([3, 2, 2], type: DType.Float64), shift = Key.Normal([3, 2], type: DType.Float64);
        var y = WeightTransforms.ShiftInputs(WeightTransforms.MapInputs(x, map), shift); // g(x) = f(Rx), then g(x + t)
        var moved = (points + shift.Unsqueeze(1)).MatMul(map.SwapAxes(1, 2));
        Assert.That(RandomNetworks.Difference(SirenRenderer.Evaluate(y, points, Options), EachAt(x, moved)), Is.LessThan(Tolerance));
    }

    [Test]
    public void A_zoom_multiplies_the_points()
    {
        var points = Key.Uniform([5, 2], -1, 1, DType.Float64);
        var zoomed = SirenRenderer.Evaluate(WeightTransforms.Zoom(Networks, 0.8), points, Options);
        Assert.That(RandomNetworks.Difference(zoomed, SirenRenderer.Evaluate(Networks, 0.8 * points, Options)), Is.LessThan(Tolerance));
    }

    [Test]
    public void Maps_of_outputs_mix_the_colours_of_each_image()
    {
        Tensor map = Key.Normal([3, 3, 3], type: DType.Float64), offset = Key.Normal([3], type: DType.Float64);
        var expected = map.MatMul(Draw(Networks).Reshape(3, 3, Side * Side)).Reshape(3, 3, Side, Side) + offset.Reshape(3, 1, 1);
        Assert.That(RandomNetworks.Difference(Draw(WeightTransforms.MapOutputs(Networks, map, offset)), expected), Is.LessThan(Tolerance));
    }

    [Test]
    public void Random_changes_of_images_differ_between_networks()
    {
        var same = Networks.WithLeaves([.. Networks.Leaves.Select(static t => t.Narrow(0, 0, 1).BroadcastTo(t.Shape.With(0, 16)))]);
        var image = Draw(same).Narrow(0, 0, 1);
        var turns = Draw(WeightTransforms.RandomQuarterTurns(same, Key));
        var flips = Draw(WeightTransforms.RandomFlips(same, Key, 1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Kinds(turns, [.. Enumerable.Range(0, 4).Select(k => Turned(image, k))]), Is.EqualTo(4));
            Assert.That(Kinds(flips, [image, image.Flip(3)]), Is.EqualTo(2));
            foreach (var changed in (WeightFeatures[])
            [
                WeightTransforms.RandomShifts(same, Key, 0.2), WeightTransforms.RandomZooms(same, Key, 0.8, 1.2), WeightTransforms.RandomContrasts(same, Key, 0.8, 1.2, 0.1),
                WeightTransforms.AddNoise(same, Key, 0.01), WeightTransforms.DropEntries(same, Key, 0.1), WeightTransforms.RandomSigns(same, Key), WeightTransforms.RandomOrders(same, Key),
            ])
                Assert.That(RandomNetworks.Difference(First(changed, 0), First(changed, 1)), Is.GreaterThan(1e-3));
        }

        static WeightFeatures First(WeightFeatures x, int i) => x.WithLeaves([.. x.Leaves.Select(t => t.Narrow(0, i, 1))]);

        // How many of the images occur; each of the given must be one of them.
        static int Kinds(Tensor given, Tensor[] images)
        {
            var found = Enumerable.Range(0, given.Shape[0]).Select(i => Array.FindIndex(images, image => RandomNetworks.Difference(given.Narrow(0, i, 1), image) < Tolerance)).ToArray();
            Assert.That(found, Has.None.EqualTo(-1));
            return found.Distinct().Count();
        }
    }

    [Test]
    public void Random_contrasts_and_zooms_keep_to_their_limits()
    {
        var x = Networks;
        Tensor contrast = WeightTransforms.RandomContrasts(x, Key, 0.8, 1.2).Weights[^1] / x.Weights[^1], zoom = WeightTransforms.RandomZooms(x, Key, 0.5, 0.6).Weights[0] / x.Weights[0];
        Assert.That(contrast.ToArray<double>(), Has.All.InRange(0.8, 1.2));
        Assert.That(zoom.ToArray<double>(), Has.All.InRange(0.5, 0.6));
    }

    [Test]
    public void Noise_has_its_deviation_and_dropout_its_share_of_zeros()
    {
        var x = RandomNetworks.Features(new(40, 50, 30), 4, 1, 1);
        var noise = (WeightTransforms.AddNoise(x, Key, 0.1) - x).Weights[0];
        var dropped = WeightTransforms.DropEntries(x, Key, 0.2).Weights[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(noise.Std().Item(), Is.EqualTo(0.1).Within(0.003));
            Assert.That(noise.Mean().Item(), Is.Zero.Within(0.004));
            Assert.That(dropped.Equal(0).To(DType.Float64).Mean().Item(), Is.EqualTo(0.2).Within(0.02));
        }
    }

    [Test]
    public void The_canonical_form_of_sines_does_not_see_orders_signs_and_phases()
    {
        var changed = WeightTransforms.RandomPhases(WeightTransforms.RandomOrders(WeightTransforms.RandomSigns(Networks, Key), Key), Key, Options, most: 4);
        var canonical = WeightTransforms.CanonicalizeSines(changed, Options);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(canonical, WeightTransforms.CanonicalizeSines(Networks, Options)), Is.LessThan(Tolerance));
            for (var i = 0; i < 2; i++)
            {
                var quarter = Math.PI / 2 / (i == 0 ? Options.FirstOmega : Options.Omega);
                Assert.That(canonical.Biases[i].ToArray<double>(), Has.All.InRange(-quarter - 1e-12, quarter + 1e-12));
                Assert.That(canonical.Weights[i].Narrow(3, 0, 1).ToArray<double>(), Has.All.Positive);
                for (var network = 0; network < 3; network++)
                    Assert.That(canonical.Weights[i].Norm(-1).ToArray<double>().Skip(network * Spec.Widths[i + 1]).Take(Spec.Widths[i + 1]), Is.Ordered);
            }
        }
    }

    [Test]
    public void A_neuron_whose_first_weights_are_zero_has_its_sign_from_the_next()
    {
        var x = new WeightFeatures(
            new(2, 3, 1),
            [Tensor.From([0.0, -2, 0, 0, 3, -1], [1, 1, 3, 2]), Tensor.From([1.0, 2, 3], [1, 1, 1, 3])],
            [Tensor.From([0.01, 0.02, 0.03], [1, 1, 3]), Tensor.From([0.5], [1, 1, 1])]);
        var y = WeightTransforms.CanonicalizeSines(x, new());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(y.Weights[0].ToArray<double>(), Is.EqualTo((double[])[0, 0, 0, 2, 3, -1]));
            Assert.That(y.Biases[0].ToArray<double>(), Is.EqualTo((double[])[0.02, -0.01, 0.03]).Within(1e-15));
            Assert.That(y.Weights[1].ToArray<double>(), Is.EqualTo((double[])[2, -1, 3]));
        }
    }

    [Test]
    public void Scales_of_neurons_leave_networks_of_ReLU_and_their_canonical_form()
    {
        var (x, inputs) = (RandomNetworks.Features(Spec, 3, 1, 4), Key.Normal([3, 5, 2], type: DType.Float64));
        var scaled = WeightTransforms.RandomOrders(WeightTransforms.RandomScales(x, Key, 0.7), Key);
        var canonical = WeightTransforms.CanonicalizeRelus(scaled);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomNetworks.Difference(Relu(scaled, inputs), Relu(x, inputs)), Is.LessThan(Tolerance));
            Assert.That(RandomNetworks.Difference(Relu(canonical, inputs), Relu(x, inputs)), Is.LessThan(Tolerance));
            Assert.That(RandomNetworks.Difference(canonical, WeightTransforms.CanonicalizeRelus(x)), Is.LessThan(Tolerance));
            Assert.That(canonical.Weights[1].Norm(-1).ToArray<double>(), Has.All.EqualTo(1).Within(1e-14));
        }

        static Tensor Relu(WeightFeatures f, Tensor h)
        {
            for (var i = 0; i < f.Spec.Layers; i++)
            {
                h = h.MatMul(f.Weights[i].Squeeze(1).SwapAxes(1, 2)) + f.Biases[i];
                if (i < f.Spec.Layers - 1) h = h.Relu();
            }

            return h;
        }
    }

    [Test]
    public void The_canonical_form_of_ReLU_takes_convolutions_and_neurons_that_nothing_leads_to()
    {
        var spec = new WeightSpec([2, 4, 3, 2], [(3, 3), (1, 2), (1, 1)]);
        var x = RandomNetworks.Features(spec, 2, 1, 4).Map((i, w) => i == 1 ? w * Tensor.From([1.0, 0, 1], [3, 1]) : w, static (_, b) => b);
        var canonical = WeightTransforms.CanonicalizeRelus(WeightTransforms.RandomScales(x, Key, 0.5));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(canonical.Weights[0].Norm([1, 3]).ToArray<double>(), Has.All.EqualTo(1).Within(1e-14), "over a filter and its inputs");
            Assert.That(canonical.Weights[1].Norm([1, 3]).ToArray<double>(), Has.All.EqualTo(1).Within(1e-14).Or.Zero);
            Assert.That(canonical.Leaves.SelectMany(static t => t.ToArray<double>()), Has.None.NaN);
        }
    }

    [Test]
    public void Changes_of_patches_networks_are_the_same_for_all_channels()
    {
        var patches = RandomNetworks.Features(new(2, 4, 1), 2, 4, 1);
        var renderer = new SirenRenderer(Side, Side) { PatchesPerSide = 2 };
        var changed = WeightTransforms.RandomOrders(WeightTransforms.RandomSigns(patches, Key), Key);
        Assert.That(RandomNetworks.Difference(renderer.Render(changed), renderer.Render(patches)), Is.LessThan(1e-11));
    }

    [Test]
    public void Gradients_flow_through_changes()
    {
        var gradient = Transform.Grad<WeightFeatures>(static x => Draw(WeightTransforms.RandomPhases(WeightTransforms.RandomOrders(x, Key), Key, Options)).Sum())(Networks);
        var expected = Transform.Grad<WeightFeatures>(static x => Draw(x).Sum())(Networks);
        Assert.That(RandomNetworks.Difference(gradient, expected), Is.LessThan(1e-11));
    }

    [Test]
    public void Sizes_that_do_not_fit_are_named()
    {
        var x = Networks;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => WeightTransforms.MapInputs(x, Tensor.Ones([3, 3])), Throws.TypeOf<ShapeException>().With.Message.Contains("[3, 3]").And.Message.Contains("[2, 2]"));
            Assert.That(() => WeightTransforms.ScaleNeurons(x, [Tensor.Ones([7])]), Throws.TypeOf<ShapeException>().With.Message.Contains("2 hidden layers"));
            Assert.That(() => WeightTransforms.ScaleNeurons(x, [Tensor.Ones([7]), Tensor.Ones([7])]), Throws.TypeOf<ShapeException>().With.Message.Contains("[7]").And.Message.Contains("[6]"));
            Assert.That(() => WeightTransforms.Flip(x, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => WeightTransforms.QuarterTurns(RandomNetworks.Features(new(3, 2), 1, 1, 0)), Throws.TypeOf<ShapeException>());
            Assert.That(() => WeightTransforms.CanonicalizeSines(RandomNetworks.Features(Spec, 1, 2, 0), Options), Throws.TypeOf<ShapeException>().With.Message.Contains("2 features"));
        }
    }

    private static Tensor Draw(WeightFeatures x) => new SirenRenderer(Side, Side) { Options = Options }.Render(x);

    // Values of each network at its own points [batch, points, 2].
    private static Tensor EachAt(WeightFeatures x, Tensor points) => Tensor.Concatenate(0, [.. Enumerable.Range(0, x.Batch).Select(i =>
        SirenRenderer.Evaluate(x.WithLeaves([.. x.Leaves.Select(t => t.Narrow(0, i, 1))]), points.Narrow(0, i, 1).Squeeze(0), Options))]);

    // NumPy's rot90 of the last two axes: y[i, j] = x[j, n - 1 - i].
    private static Tensor Turned(Tensor image, int quarters) => Enumerable.Range(0, quarters).Aggregate(image, static (y, _) => y.Flip(3).SwapAxes(2, 3));

    private static TestCaseData Case(string name, Func<WeightFeatures, WeightFeatures> change) => new TestCaseData(change).SetName($"{{m}}: {name}");

    private static TestCaseData Case(string name, Func<WeightFeatures, WeightFeatures> change, Func<Tensor, Tensor> before, Func<Tensor, Tensor>? after = null) =>
        new TestCaseData(change, before, after ?? (static y => y)).SetName($"{{m}}: {name}");
}
