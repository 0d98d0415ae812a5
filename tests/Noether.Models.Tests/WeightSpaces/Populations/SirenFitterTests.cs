using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Fitting many sinusoidal networks at once.</summary>
[TestFixture]
public sealed class SirenFitterTests
{
    private static readonly Siren Network = new(new WeightSpec(2, 8, 1));

    private static readonly Tensor Points = Siren.Grid(6, 5, device: Device.Host);

    private static Tensor Images(int count) => RandomKey.From(3, Device.Host).Normal([count, 1, 2])
        .MatMul(Points.Transpose()).Tanh().SwapAxes(1, 2); // smooth, each another direction

    [Test]
    public void Networks_approach_their_images()
    {
        var images = Images(5);
        var fit = new SirenFitter(Network, Points, new() { Steps = 400, LearningRate = 1e-2, Slots = 5 }).Fit(images, RandomKey.From(0, Device.Host));
        for (var i = 0; i < 5; i++)
        {
            var error = (Network.Apply(fit.Networks.Unstack(i), Points) - images[i]).Square().Mean().Item();
            Assert.That(fit.PeakSignalToNoise[i], Is.EqualTo(10 * Math.Log10(4 / error)).Within(0.01), "the ratio is that of the weights returned");
            Assert.That(fit.PeakSignalToNoise[i], Is.GreaterThan(30));
        }

        Assert.That(fit.Steps, Is.All.EqualTo(400));
    }

    [Test]
    public void A_network_does_not_depend_on_its_slot_or_its_company()
    {
        var images = Images(7);
        SirenFit Fit(Tensor some, int slots, int first) =>
            new SirenFitter(Network, Points, new() { Steps = 60, LearningRate = 1e-2, Slots = slots, StopAt = 24, LookEvery = 10 }).Fit(some, RandomKey.From(1, Device.Host), first);
        var (together, few, last) = (Fit(images, 7, 0), Fit(images, 3, 0), Fit(images.Narrow(0, 5, 2), 2, 5));
        Assert.That(few.Steps, Is.EqualTo(together.Steps));
        Assert.That(together.Steps.Distinct().Count(), Is.GreaterThan(1), "some stop before others");
        for (var i = 0; i < Network.Spec.Layers * 2; i++)
        {
            Assert.That(few.Networks.Leaves[i].ToArray<float>(), Is.EqualTo(together.Networks.Leaves[i].ToArray<float>()).Within(1e-5));
            Assert.That(last.Networks.Leaves[i].ToArray<float>(), Is.EqualTo(together.Networks.Leaves[i].Narrow(0, 5, 2).ToArray<float>()).Within(1e-5));
        }
    }

    [Test]
    public void A_step_is_that_of_the_network_alone()
    {
        var images = Images(2);
        var key = RandomKey.From(2, Device.Host);
        var fit = new SirenFitter(Network, Points, new() { Steps = 3, Slots = 2 }).Fit(images, key);
        var adam = new Adam { LearningRate = new CosineSchedule(1e-3, 3, 1e-5) };
        var p = Network.Init(key.Fold(1));
        var memory = adam.Init(p);
        for (var i = 0; i < 3; i++)
            (p, memory) = adam.Step(p, Transform.Grad<Parameters>(q => (Network.Apply(q, Points) - images[1]).Square().Mean())(p), memory);
        foreach (var (name, w) in p) Assert.That(fit.Networks[name][1].ToArray<float>(), Is.EqualTo(w.ToArray<float>()).Within(1e-5), name);
    }

    [Test]
    public void Images_of_other_sizes_are_refused() => Assert.That(
        () => new SirenFitter(Network, Points, new()).Fit(Tensor.Zeros([2, 29, 1], device: Device.Host), RandomKey.From(0, Device.Host)),
        Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 29, 1]").And.Message.Contains("30"));

    [Test]
    public void A_cancelled_fit_ends()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(() => new SirenFitter(Network, Points, new()).Fit(Images(2), RandomKey.From(0, Device.Host), cancellation: source.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}
