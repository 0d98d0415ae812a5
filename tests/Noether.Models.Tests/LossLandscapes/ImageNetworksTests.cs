using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.LossLandscapes;

/// <summary>The networks whose landscapes are compared.</summary>
[TestFixture]
public sealed class ImageNetworksTests
{
    private static IEnumerable<TestCaseData> Networks =>
    [
        // He et al., table 6, counts 0.27 M and 0.85 M weights with shortcuts that have none; ours have 1x1 convolutions where the shape changes.
        new TestCaseData(ImageNetworks.Residual(20), 3, 272_474L).SetName("ResNet-20"),
        new TestCaseData(ImageNetworks.Residual(20, shortcuts: false), 3, 269_722L).SetName("ResNet-20 without shortcuts"),
        new TestCaseData(ImageNetworks.Residual(8, channels: 1, width: 4), 1, 5_142L).SetName("ResNet-8, narrow"),
        new TestCaseData(ImageNetworks.WideResidual(8, 2, channels: 1), 1, ResidualSize(8, 32, 1)).SetName("Wide-ResNet-8"),
        new TestCaseData(ImageNetworks.Dense([2, 3, 1], 4, channels: 1), 1, DenseSize([2, 3, 1], 4, 1)).SetName("dense, narrow"),
        new TestCaseData(ImageNetworks.Small(), 1, 5_178L).SetName("small"),
        new TestCaseData(ImageNetworks.Perceptron(64, pairs: 2), 1, 21_450L).SetName("perceptron"),
        new TestCaseData(ImageNetworks.Vgg9(channels: 1, width: 4), 1, 8_982L).SetName("VGG-9, narrow"),
    ];

    [TestCaseSource(nameof(Networks))]
    public void Images_become_logits(Module network, int channels, long size)
    {
        var parameters = network.Init(RandomKey.From(0, Device.Host));
        Assert.That(parameters.Size, Is.EqualTo(size));
        var x = RandomKey.From(1, Device.Host).Normal([2, channels, 8, 8]);
        var (y, _) = network.Train(parameters, network.InitState(device: Device.Host), x, RandomKey.From(2, Device.Host));
        Assert.That(y.Shape, Is.EqualTo(Shape.Create([2, 10])));
        Assert.That(y.IsFinite().All().Item<bool>(), Is.True);
    }

    [Test]
    public void Published_counts_are_met()
    {
        long Count(Module network) => network.Init(RandomKey.From(0, Device.Host)).Size;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Count(ImageNetworks.WideResidual(56, 1)), Is.EqualTo(Count(ImageNetworks.Residual(56))).And.EqualTo(ResidualSize(56, 16, 3)));
            Assert.That(ResidualSize(20, 16, 3), Is.EqualTo(272_474));

            // Huang et al., table 2: DenseNet-BC of 100 layers and growth 12 has 0.8 M weights.
            Assert.That(DenseSize([16, 16, 16], 12, 3), Is.EqualTo(0.8e6).Within(5).Percent);
            Assert.That(Count(ImageNetworks.DenseNet121(growth: 4)), Is.EqualTo(DenseSize([6, 12, 24, 16], 4, 3)));
        }
    }

    [Test]
    public void The_gradient_of_a_dense_network_is_the_difference_quotient()
    {
        var network = ImageNetworks.Dense([1, 2], 2, channels: 1, classes: 3);
        var weights = network.Init(RandomKey.From(3), DType.Float64);
        var state = network.InitState(DType.Float64);
        var x = RandomKey.From(4).Normal([3, 1, 4, 4], type: DType.Float64);
        var target = Tensor.From([0L, 2, 1]);
        Tensor LossAt(Parameters p) => Loss.CrossEntropy(network.Apply(p, x, Context.ForTraining(state: state)), target);
        var gradient = Transform.Grad<Parameters>(LossAt)(weights);
        var d = new Models.Curvature.ParameterSpace(weights).Normal(RandomKey.From(5));
        const double step = 1e-6;
        var quotient = (LossAt(weights + d * step) - LossAt(weights - d * step)).Item() / (2 * step);
        Assert.That(gradient.Dot(d).Item(), Is.EqualTo(quotient).Within(1e-6 * Math.Max(1, Math.Abs(quotient))));
    }

    [Test]
    public void A_layer_of_a_dense_network_keeps_what_it_is_given()
    {
        var layer = new Concatenation(new Linear(3, 2));
        var weights = layer.Init(RandomKey.From(6), DType.Float64);
        var x = RandomKey.From(7).Normal([4, 3], type: DType.Float64);
        var y = layer.Apply(weights, x);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(weights.Names, Is.EqualTo(["body.weight", "body.bias"]));
            Assert.That(y.Shape, Is.EqualTo(Shape.Create([4, 5])));
            Assert.That(y.Narrow(1, 0, 3).ToArray<double>(), Is.EqualTo(x.ToArray<double>()));
            Assert.That(y.Narrow(1, 3, 2).ToArray<double>(), Is.EqualTo(new Linear(3, 2).Apply(weights.Under("body"), x).ToArray<double>()));
        }
    }

    [Test]
    public void Blocks_without_layers_are_refused() =>
        Assert.That(() => ImageNetworks.Dense([2, 0]), Throws.ArgumentException.With.Message.Contains("blocks [2, 0] need one layer or more each"));

    [Test]
    public void Depths_that_are_no_residual_networks_are_refused() =>
        Assert.That(() => ImageNetworks.Residual(21), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("6n + 2"));

    // First and last layers, three stages of n blocks, and 1x1 shortcuts at two changes of shape; two numbers a channel of batch normalisation.
    private static long ResidualSize(int depth, long width, long channels)
    {
        var n = (depth - 2) / 6;
        long Convolution(long inputs, long outputs, long area) => inputs * outputs * area + 2 * outputs;
        var size = Convolution(channels, width, 9) + 10 * (4 * width + 1);
        foreach (var outputs in (long[])[width, 2 * width, 4 * width])
        {
            var inputs = outputs == width ? width : outputs / 2;
            size += Convolution(inputs, outputs, 9) + (2 * n - 1) * Convolution(outputs, outputs, 9);
            if (inputs != outputs) size += Convolution(inputs, outputs, 1);
        }

        return size;
    }

    private static long DenseSize(int[] blocks, long growth, long channels)
    {
        var width = 2 * growth;
        var size = 9 * channels * width;
        for (var block = 0; block < blocks.Length; block++)
        {
            if (block > 0)
            {
                size += 2 * width + width * (width / 2);
                width /= 2;
            }

            // Layer l sees width + l·growth channels: two numbers of each for the norm and 4·growth weights.
            var l = blocks[block];
            size += (l * width + growth * l * (l - 1) / 2) * (2 + 4 * growth) + l * (8 * growth + 36 * growth * growth);
            width += l * growth;
        }

        return size + 2 * width + 10 * (width + 1);
    }
}
