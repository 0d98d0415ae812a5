using Noether.Models.LossLandscapes;
using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces.Axes;

/// <summary>A functional of residual networks with batch normalisation.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class InvariantUnfTests
{
    private static readonly Module Network = ImageNetworks.Residual(8, channels: 1, classes: 2, width: 2);

    private static readonly AxisSpec Spec = AxisSpec.Of(Network);

    [Test]
    public void Permuting_channels_of_residual_networks_leaves_the_prediction_and_permuting_one_tensor_does_not()
    {
        var x = RandomAxes.Features(Spec, Network, 3, 1);
        var model = new InvariantUnf(Spec, [2, 2]) { HeadWidth = 8, Normalization = AxisNormalization.Of(RandomAxes.Features(Spec, Network, 4, 5)) };
        var (parameters, context) = (RandomNetworks.Parameters(model, 1), RandomNetworks.Inference(model));
        var y = model.Apply(parameters, x, context);
        var permuted = AxisPermutation.Random(Spec, RandomKey.From(3)).Apply(x);
        var moved = Spec.Tensors.Index().First(static t => t.Item.Name == "5.body.1.running_var").Index;
        var broken = x.Map((i, t) => i == moved ? t.Take(Tensor.From([1, 2, 3, 0], [4]), 2) : t);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(y.Shape, Is.EqualTo(Shape.Create([3, 1])));
            Assert.That(RandomNetworks.Difference(model.Apply(parameters, permuted, context), y), Is.LessThan(1e-11));
            Assert.That(RandomNetworks.Difference(model.Apply(parameters, broken, context), y), Is.GreaterThan(1e-7));
        }
    }

    [Test]
    public void Networks_of_other_widths_go_through_one_model()
    {
        var wide = ImageNetworks.Residual(8, channels: 1, classes: 2, width: 3);
        var model = new InvariantUnf(Spec, [2]) { HeadWidth = 4 };
        Assert.That(model.Apply(RandomNetworks.Parameters(model, 1), RandomAxes.Features(AxisSpec.Of(wide), wide, 2, 1)).Shape, Is.EqualTo(Shape.Create([2, 1])));
    }

    [Test]
    public void A_functional_learns_what_distinguishes_networks()
    {
        // The product of what a channel's scale and its running variance say, summed: neither tensor tells it alone.
        var network = new Sequential(new Linear(2, 3), new BatchNorm(3), Activation.Relu, new Linear(3, 1));
        var spec = AxisSpec.Of(network);
        var x = RandomAxes.Features(spec, network, 96, 1);
        var target = Sum(x, "1.weight", "1.running_var");
        var model = new InvariantUnf(spec, [8]) { HeadWidth = 16, Normalization = AxisNormalization.Of(x) };
        var state = model.InitState(DType.Float64);
        Tensor Error(Parameters p) => (model.Apply(p, x, Context.ForInference(state)).Squeeze(-1) - target).Square().Mean();
        var adam = new Adam { LearningRate = 0.03 };
        var parameters = model.Init(RandomKey.From(0), DType.Float64);
        var (first, memory) = (Error(parameters).Item(), adam.Init(parameters));
        for (var step = 0; step < 40; step++) (parameters, memory) = adam.Step(parameters, Transform.Grad<Parameters>(Error)(parameters), memory);
        Assert.That(Error(parameters).Item(), Is.LessThan(0.1 * target.Var().Item()).And.LessThan(first));

        static Tensor Sum(AxisFeatures x, string first, string second)
        {
            Tensor Of(string name) => x.Leaves[x.Spec.Tensors.Index().First(t => t.Item.Name == name).Index];
            return (Of(first) * Of(second)).Sum([1, 2]);
        }
    }
}
