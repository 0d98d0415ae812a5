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
    public void Depths_that_are_no_residual_networks_are_refused() =>
        Assert.That(() => ImageNetworks.Residual(21), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("6n + 2"));
}
