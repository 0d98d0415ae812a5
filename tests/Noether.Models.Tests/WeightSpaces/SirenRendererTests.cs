using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Images of networks of sines, drawn from their weights.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class SirenRendererTests
{
    private static readonly WeightSpec Spec = new(2, 5, 4, 3);
    private static readonly SirenOptions Options = new() { FirstOmega = 7, Omega = 3, OutputOffset = 0.5 };

    [Test]
    public void An_image_is_what_its_network_gives_at_each_pixel()
    {
        var (siren, networks) = (new Siren(Spec) { Options = Options }, Networks(2));
        var images = new SirenRenderer(3, 4) { Options = Options }.Render(WeightFeatures.From(Spec, Parameters.Stack(networks)));
        var expected = Tensor.Stack(0, Array.ConvertAll(networks, p => siren.Apply(p, Siren.Grid(3, 4, DType.Float64)).Transpose().Reshape(3, 3, 4)));
        Assert.That(RandomNetworks.Difference(images, expected), Is.LessThan(1e-14));
    }

    [TestCase(1, 5, 6)]
    [TestCase(2, 5, 6)] // five rows: the middle one is a tie, and goes to the even patch
    [TestCase(3, 7, 4)]
    [TestCase(4, 9, 2)] // fewer columns than patches: some draw nothing
    public void A_pixel_is_drawn_by_the_network_of_the_nearest_patch(int side, int height, int width)
    {
        var (siren, networks) = (new Siren(Spec) { Options = Options }, Networks(side * side));
        var one = WeightFeatures.From(Spec, Parameters.Stack(networks));
        var patches = one.WithLeaves([.. one.Leaves.Select(static t => t.SwapAxes(0, 1))]);
        var image = new SirenRenderer(height, width) { Options = Options, PatchesPerSide = side }.Render(patches).ToArray<double>();
        var whole = Array.ConvertAll(networks, p => siren.Apply(p, Siren.Grid(height, width, DType.Float64)).ToArray<double>());
        using (Assert.EnterMultipleScope())
        {
            for (var r = 0; r < height; r++)
            {
                for (var c = 0; c < width; c++)
                {
                    var network = Nearest(r, height) * side + Nearest(c, width);
                    for (var channel = 0; channel < 3; channel++)
                        Assert.That(image[(channel * height + r) * width + c], Is.EqualTo(whole[network][(r * width + c) * 3 + channel]).Within(1e-13), $"pixel {r}, {c}");
                }
            }
        }

        int Nearest(int pixel, int pixels)
        {
            var place = (side - 1) * pixel; // in steps of 1 / (pixels - 1)
            var (below, rest) = (place / (pixels - 1), 2 * (place % (pixels - 1)));
            return rest > pixels - 1 || rest == pixels - 1 && below % 2 == 1 ? below + 1 : below;
        }
    }

    [Test]
    public void Gradients_reach_every_weight()
    {
        var patches = RandomNetworks.Features(new(2, 3, 1), 1, 4, 1);
        var renderer = new SirenRenderer(4, 4) { PatchesPerSide = 2 };
        var gradient = Transform.Grad<WeightFeatures>(x => renderer.Render(x).Square().Sum())(patches);
        Assert.That(gradient.Leaves.SelectMany(static t => t.ToArray<double>()), Has.None.Zero);
    }

    [Test]
    public void Networks_that_draw_no_image_are_named()
    {
        var renderer = new SirenRenderer(4, 4) { PatchesPerSide = 2 };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => renderer.Render(RandomNetworks.Features(Spec, 2, 1, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 1, 5, 2]").And.Message.Contains("2 x 2"));
            Assert.That(() => renderer.Render(RandomNetworks.Features(new(3, 5, 1), 1, 4, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("3-5-1"));
            Assert.That(() => renderer.Render(RandomNetworks.Features(new([2, 5, 1], [(2, 2), (1, 1)]), 1, 4, 0)), Throws.TypeOf<ShapeException>().With.Message.Contains("convolutions"));
            Assert.That(() => SirenRenderer.Evaluate(RandomNetworks.Features(Spec, 1, 1, 0), Tensor.Zeros([5, 3]), Options), Throws.TypeOf<ShapeException>().With.Message.Contains("[5, 3]"));
        }
    }

    private static Parameters[] Networks(int count) =>
        [.. Enumerable.Range(0, count).Select(static seed => new Siren(Spec) { Options = Options }.Init(RandomKey.From(seed), DType.Float64))];
}
