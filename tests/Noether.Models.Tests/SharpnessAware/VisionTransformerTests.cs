using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class VisionTransformerTests
{
    private static readonly VisionTransformer Network = new(2, 8, 12, 5) { Patch = (4, 4), Features = 8, Heads = 2, Depth = 2 };
    private static readonly Parameters Weights = Network.Init(RandomKey.From(1), DType.Float64);
    private static readonly Tensor Images = RandomKey.From(2).Normal([3, 2, 8, 12], type: DType.Float64);

    [Test]
    public void Images_become_logits_and_every_parameter_matters()
    {
        Assert.That(Network.Apply(Weights, Images).Shape, Is.EqualTo(Shape.Create([3, 5])));
        var gradient = Transform.Grad<Parameters>(static p => Network.Apply(p, Images).Square().Sum())(Weights);
        Assert.That(gradient.Where(static each => each.Value.Abs().Max().Item() == 0).Select(static each => each.Key), Is.Empty);
    }

    // Attention does not know the order of patches: only the vectors of place do.
    [Test]
    public void Patches_that_change_places_with_their_vectors_change_nothing()
    {
        var swapped = Tensor.Concatenate(3, Images.Narrow(3, 8, 4), Images.Narrow(3, 4, 4), Images.Narrow(3, 0, 4));
        var places = Weights["pos_embedding"].Take(Tensor.From([0, 3, 2, 1, 6, 5, 4]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Network.Apply(Weights.With("pos_embedding", places), swapped) - Network.Apply(Weights, Images)).Abs().Max().Item(), Is.LessThan(1e-12));
            Assert.That((Network.Apply(Weights, swapped) - Network.Apply(Weights, Images)).Abs().Max().Item(), Is.GreaterThan(1e-6));
        }
    }

    [Test]
    public void Blocks_are_seen_and_without_classes_there_is_no_head()
    {
        var encoder = Network with { Classes = 0 };
        var seen = LayerFeatures.Of(Network, Weights, Parameters.Empty, Images);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen["layers.1"].Shape, Is.EqualTo(Shape.Create([3, 7, 8])));
            Assert.That((encoder.Apply(Weights, Images) - seen["ln"]).Abs().Max().Item(), Is.Zero);
        }
    }

    [Test]
    public void Images_of_another_size_and_patches_that_do_not_tile_are_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Network.Apply(Weights, Images.Narrow(3, 0, 8)), Throws.TypeOf<ShapeException>());
            Assert.That(() => (Network with { Patch = (4, 5) }).Init(RandomKey.From(1)), Throws.TypeOf<ShapeException>());
        }
    }
}
