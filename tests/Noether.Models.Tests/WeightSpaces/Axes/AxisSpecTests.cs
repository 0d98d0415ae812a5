using Noether.Models.LossLandscapes;
using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces.Axes;

/// <summary>Axes that are found in networks, and what permuting them does to the networks' functions.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class AxisSpecTests
{
    public static IEnumerable<TestCaseData> Networks => RandomAxes.Networks.Select(static (each, i) => new TestCaseData(i).SetName($"{{m}}: {each.Name}"));

    [TestCaseSource(nameof(Networks))]
    public void Permuting_axes_leaves_the_function_of_the_network(int which)
    {
        var (_, network, input) = RandomAxes.Networks[which];
        var spec = AxisSpec.Of(network);
        var before = RandomAxes.Network(network, 1);
        var features = AxisFeatures.From(spec, before.Map(static t => t.Unsqueeze(0)));
        var permutation = AxisPermutation.Random(spec, RandomKey.From(7));
        var after = permutation.Apply(features).ToParameters(before).Unstack(0);
        var x = RandomKey.From(3).Normal(input, type: DType.Float64);
        before.CheckMatches(after, "test");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(permutation.Orders.Values.Any(static order => !order.Order().SequenceEqual(order)), Is.True, "nothing moved");
            Assert.That(RandomNetworks.Difference(after.ToVector(), before.ToVector()), Is.GreaterThan(0.1), "nothing moved");
            Assert.That(RandomNetworks.Difference(network.Apply(after, after, x), network.Apply(before, before, x)), Is.LessThan(1e-12));
        }
    }

    [Test]
    public void Permuting_an_axis_in_one_tensor_alone_changes_the_function()
    {
        var (_, network, input) = RandomAxes.Networks[0];
        var spec = AxisSpec.Of(network);
        var before = RandomAxes.Network(network, 1);
        var x = RandomKey.From(3).Normal(input, type: DType.Float64);
        var y = network.Apply(before, before, x);
        foreach (var name in (string[])["0.weight", "1.running_mean", "3.body.0.weight", "3.body.4.bias", "5.shortcut.0.weight", "5.shortcut.1.running_var", "10.weight"])
        {
            var axis = spec.AxesOf(spec.Tensors.Index().First(t => t.Item.Name == name).Index).Index().First(static axis => axis.Item.Permutes);
            var order = Enumerable.Range(1, axis.Item.Size - 1).Append(0).ToArray();
            var after = before.With(name, before[name].Take(Tensor.From(order, [order.Length]), axis.Index));
            Assert.That(RandomNetworks.Difference(network.Apply(after, after, x), y), Is.GreaterThan(1e-3), name);
        }
    }

    [Test]
    public void Branches_that_are_added_have_one_axis_and_norms_have_that_of_their_channels()
    {
        var spec = AxisSpec.Of(ImageNetworks.Residual(8, channels: 1, classes: 3, width: 2));
        string Axes(string tensor) => string.Join(' ', spec.Tensors.First(t => t.Name == tensor).Axes);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Axes("0.weight"), Is.EqualTo("0 input places.3 places.3"));
            Assert.That(Axes("3.body.0.weight"), Is.EqualTo("3.body.0 0 places.3 places.3"));
            Assert.That(Axes("3.body.3.weight"), Is.EqualTo("0 3.body.0 places.3 places.3"));
            foreach (var name in (string[])["weight", "bias", "running_mean", "running_var"]) Assert.That(Axes($"3.body.4.{name}"), Is.EqualTo("0"));
            Assert.That(Axes("5.shortcut.0.weight"), Is.EqualTo("5.shortcut.0 0 places.1 places.1"));
            Assert.That(Axes("5.body.3.weight"), Is.EqualTo("5.shortcut.0 5.body.0 places.3 places.3"));
            Assert.That(Axes("10.weight"), Is.EqualTo("10 7.shortcut.0"));
            Assert.That(
                spec.Axes.Where(static axis => axis.Permutes).Select(static axis => axis.Name),
                Is.EquivalentTo((string[])["0", "3.body.0", "5.shortcut.0", "5.body.0", "7.shortcut.0", "7.body.0"]));
        }
    }

    [Test]
    public void Without_statistics_there_are_the_parameters_alone()
    {
        var network = ImageNetworks.Residual(8, channels: 1, classes: 3, width: 2);
        var parameters = network.Init(RandomKey.From(0));
        Assert.That(AxisSpec.Of(network, statistics: false).Tensors.Select(static t => t.Name), Is.EqualTo(parameters.Names));
        Assert.That(AxisSpec.Of(network, statistics: false).Parameters, Is.EqualTo(parameters.Size));
    }

    [TestCaseSource(nameof(Networks))]
    public void Features_lead_back_to_parameters_and_vectors(int which)
    {
        var network = RandomAxes.Networks[which].Network;
        var spec = AxisSpec.Of(network);
        Parameters[] networks = [RandomAxes.Network(network, 1), RandomAxes.Network(network, 2)];
        var features = AxisFeatures.From(spec, Parameters.Stack(networks));
        var back = features.ToParameters(networks[0]);
        for (var i = 0; i < 2; i++) Assert.That(RandomNetworks.Difference(back.Unstack(i).ToVector(), networks[i].ToVector()), Is.Zero);
        Assert.That(RandomAxes.Difference(AxisFeatures.FromVectors(spec, features.ToVectors()), features), Is.Zero);
    }

    [Test]
    public void Features_beside_one_another_are_channels_of_one_network()
    {
        var spec = AxisSpec.Of(ImageNetworks.Small(1, 3));
        AxisFeatures x = RandomAxes.Features(spec, 2, 1, 1), y = RandomAxes.Features(spec, 2, 2, 2);
        var both = x.Beside(y);
        Assert.That(both.Channels, Is.EqualTo(3));
        for (var i = 0; i < spec.Tensors.Count; i++)
        {
            Assert.That(RandomNetworks.Difference(both.Unfold(i).Narrow(1, 0, 1), x.Unfold(i)), Is.Zero);
            Assert.That(RandomNetworks.Difference(both.Unfold(i).Narrow(1, 1, 2), y.Unfold(i)), Is.Zero);
        }
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        var network = ImageNetworks.Small(1, 3);
        var spec = AxisSpec.Of(network);
        var parameters = RandomAxes.Network(network, 1).Map(static t => t.Unsqueeze(0));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => AxisFeatures.From(spec, parameters.With("0.weight", Tensor.Zeros([1, 16, 2, 3, 3]))), Throws.TypeOf<ShapeException>().With.Message.Contains("'0.weight' is [1, 16, 2, 3, 3], expected [batch, 16, 1, 3, 3]"));
            Assert.That(() => AxisFeatures.From(spec, parameters.Where(static name => name != "1.bias")), Throws.TypeOf<ParameterException>().With.Message.Contains("'1.bias'"));
            Assert.That(() => AxisFeatures.From(AxisSpec.Of(network, statistics: false), parameters), Throws.TypeOf<ParameterException>().With.Message.Contains("'1.running_mean' is not among"));
            Assert.That(() => new AxisSpec([new("a", 2)], [new("w", "a", "b")]), Throws.ArgumentException.With.Message.Contains("axis 'b'"));
            Assert.That(() => new AxisSpec([new("a", 2), new("a", 3)], [new("w", "a")]), Throws.ArgumentException.With.Message.Contains("'a' is named twice"));
            Assert.That(() => new AxisSpec([new("a", 2)], []), Throws.ArgumentException);
            Assert.That(() => AxisSpec.Of(new Sequential(new Linear(2, 3), new Linear(4, 2))), Throws.ArgumentException.With.Message.Contains("'1' takes 4 channels"));
            Assert.That(() => AxisSpec.Of(new Residual(new Linear(2, 3))), Throws.ArgumentException.With.Message.Contains("adds"));
            Assert.That(() => AxisSpec.Of(new Convolution(4, 8, [3]) { Groups = 2 }), Throws.ArgumentException.With.Message.Contains("Convolution"));
            Assert.That(() => spec.Resize(new Dictionary<string, int> { ["input"] = 2 }), Throws.ArgumentException.With.Message.Contains("no axis 'input' permutes"));
            Assert.That(() => new AxisPermutation(spec, new Dictionary<string, int[]> { ["input"] = [0] }), Throws.ArgumentException.With.Message.Contains("no axis 'input' permutes"));
        }
    }
}
