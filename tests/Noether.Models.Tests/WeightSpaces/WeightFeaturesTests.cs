using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Forms of networks and the ways between them.</summary>
[TestFixture]
public sealed class WeightFeaturesTests
{
    private static readonly WeightSpec Cnn = new([2, 4, 3, 2], [(3, 2), (1, 1), (2, 2)]), Mlp = new(3, 4, 2);

    [Test]
    public void Folding_puts_positions_of_filters_behind_their_channel_and_unfolding_undoes_it()
    {
        var weight = Tensor.Arange(2 * 3 * 4 * 2 * 3 * 2).Reshape(2, 3, 4, 2, 3, 2);
        var x = RandomNetworks.Features(Cnn, 2, 3, 1);
        var folded = WeightFeatures.Fold(Cnn, [weight, x.Unfold(1), x.Unfold(2)], x.Biases);
        Assert.That(folded.Weights[0].Shape, Is.EqualTo(Shape.Create([2, 3 * 6, 4, 2])));

        // channel (c · height + row) · width + column
        Assert.That(folded.Weights[0][1, (2 * 3 + 1) * 2 + 1, 3, 0].Item(), Is.EqualTo(weight[1, 2, 3, 0, 1, 1].Item()));
        Assert.That(folded.Unfold(0).ToArray<int>(), Is.EqualTo(weight.ToArray<int>()));
        Assert.That(RandomNetworks.Difference(folded.Weights[2], x.Weights[2]), Is.Zero);
    }

    [Test]
    public void Vectors_hold_networks_as_their_parameters_do([Values(0, 1, 3)] int batch)
    {
        var x = RandomNetworks.Features(Cnn, batch, 1, 2);
        var vectors = x.ToVectors();
        Assert.That(vectors.Shape, Is.EqualTo(Shape.Create([batch, Cnn.Parameters])));
        Assert.That(RandomNetworks.Difference(WeightFeatures.FromVectors(Cnn, vectors), x), Is.Zero);
        if (batch == 0) return;
        var own = Parameters.Of(("a.weight", x.Unfold(0).Narrow(0, 0, 1)), ("a.bias", x.Biases[0].Narrow(0, 0, 1)), ("b.weight", x.Unfold(1).Narrow(0, 0, 1)));
        var start = own.ToVector();
        Assert.That(vectors.Narrow(0, 0, 1).Flatten().Narrow(0, 0, start.Shape[0]).ToArray<double>(), Is.EqualTo(start.ToArray<double>()));
    }

    [Test]
    public void Flattened_features_come_back([Values(0, 2)] int batch)
    {
        var x = RandomNetworks.Features(Mlp, batch, 3, 2);
        Assert.That(x.Flatten().Shape, Is.EqualTo(Shape.Create([batch, Mlp.Parameters, 3])));
        Assert.That(RandomNetworks.Difference(WeightFeatures.Unflatten(Mlp, x.Flatten()), x), Is.Zero);
    }

    [Test]
    public void Parameters_of_trained_networks_go_in_and_come_back_and_missing_biases_stay_missing()
    {
        var keys = RandomKey.From(3).Split(3);
        var networks = Parameters.Of(
            ("0.weight", keys[0].Normal([5, 4, 3], type: DType.Float64)), ("0.bias", keys[1].Normal([5, 4], type: DType.Float64)), ("2.weight", keys[2].Normal([5, 2, 4], type: DType.Float64)));
        var x = WeightFeatures.From(Mlp, networks);
        Assert.That(x.Biases[1].Abs().Max().Item(), Is.Zero);
        var back = x.ToParameters(networks);
        networks.CheckMatches(back, "test");
        Assert.That((back - networks).Norm().Item(), Is.Zero);
    }

    [Test]
    public void Errors_name_the_tensor_and_both_shapes()
    {
        var x = RandomNetworks.Features(Mlp, 2, 1, 0);
        Tensor[] biases = [x.Biases[0], x.Biases[1].Narrow(2, 0, 1)];
        var cases = new (Action Call, string[] Parts)[]
        {
            (() => _ = new WeightFeatures(Mlp, x.Weights, biases), ["b1", "[2, 1, 1]", "[2, 1, 2]"]),
            (() => _ = new WeightFeatures(Mlp, [x.Weights[0], x.Weights[1].SwapAxes(2, 3)], x.Biases), ["W1", "[2, 1, 4, 2]", "[2, 1, 2, 4]"]),
            (() => WeightFeatures.Fold(Cnn, [x.Weights[0].Unsqueeze(-1).Unsqueeze(-1), x.Weights[0], x.Weights[0]], x.Biases), ["W0", "[2, 1, 4, 3, 1, 1]", "4, 2, 3, 2"]),
            (() => WeightFeatures.FromVectors(Mlp, Tensor.Zeros([2, 7])), ["[2, 7]", "26"]),
            (() => WeightFeatures.Unflatten(Mlp, Tensor.Zeros([2, 7, 1])), ["[2, 7, 1]", "26"]),
            (() => RandomNetworks.Features(Mlp, 2, 3, 0).ToVectors(), ["3 features"]),
            (() => RandomNetworks.Features(Cnn, 2, 3, 0).Flatten(), ["2-4(3x2)-3-2(2x2)"]),
            (() => WeightFeatures.From(Mlp, Parameters.Of(("a.weight", Tensor.Zeros([5, 4, 2])), ("b.weight", Tensor.Zeros([5, 2, 4])))), ["a.weight", "[5, 4, 2]", "4, 3"]),
            (() => _ = x + RandomNetworks.Features(new(3, 5, 2), 2, 1, 0), ["3-4-2", "3-5-2"]),
        };
        using (Assert.EnterMultipleScope())
        {
            foreach (var (call, parts) in cases)
            {
                var message = Assert.Throws<ShapeException>(() => call())!.Message;
                foreach (var part in parts) Assert.That(message, Does.Contain(part));
            }
        }
    }

    [Test]
    public void Gradients_and_batching_take_features_as_a_tree()
    {
        var x = RandomNetworks.Features(Mlp, 2, 1, 4);
        var gradient = Transform.Grad<WeightFeatures>(static y => y.Leaves.Select(static t => t.Square().Sum()).Aggregate(static (a, b) => a + b))(x);
        Assert.That(RandomNetworks.Difference(gradient, x * 2), Is.Zero);
    }
}
