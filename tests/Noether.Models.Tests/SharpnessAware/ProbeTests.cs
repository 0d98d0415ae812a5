using Noether.Models.SharpnessAware;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class ProbeTests
{
    private static readonly Tensor Classes = Tensor.From([.. Enumerable.Range(0, 60).Select(static i => (long)(i % 3))], [60]);

    // Three directions with noise around them.
    private static Tensor Clusters(double noise, int seed) =>
        Classes.OneHot(3, DType.Float64).MatMul(RandomKey.From(1).Normal([3, 8], type: DType.Float64)) + noise * RandomKey.From(seed).Normal([60, 8], type: DType.Float64);

    [Test]
    public void Neighbours_vote_for_the_class_around_whatever_the_length()
    {
        var (known, queries) = (Clusters(0.1, 2), Clusters(0.1, 3));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(NearestNeighbours.Classify(known, Classes, queries * 7).ToArray<long>(), Is.EqualTo(Classes.ToArray<long>()));
            Assert.That(NearestNeighbours.Classify(known, Classes, known, neighbours: 1).ToArray<long>(), Is.EqualTo(Classes.ToArray<long>()), "each is its own neighbour");
            Assert.That(NearestNeighbours.Classify(Tensor.From(new double[,] { { 1, 0 }, { 1, 0.1 }, { 0, 1 } }), Tensor.From([0L, 0, 1]), Tensor.From(new double[,] { { 0, 2 } }), 3).Item<long>(), Is.Zero, "two against one");
            Assert.That(() => NearestNeighbours.Classify(known, Classes, queries.Narrow(1, 0, 4)), Throws.TypeOf<ShapeException>());
        }
    }

    [Test]
    public void A_linear_probe_finds_what_planes_separate_and_nothing_in_noise()
    {
        var probe = LinearProbe.Fit(Clusters(0.1, 2), Classes);
        var noise = RandomKey.From(4).Normal([60, 2], type: DType.Float64);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Nn.Loss.Accuracy(probe.Apply(Clusters(0.1, 3)), Classes).Item(), Is.EqualTo(1));
            Assert.That(Nn.Loss.Accuracy(LinearProbe.Fit(noise, Classes).Apply(RandomKey.From(5).Normal([60, 2], type: DType.Float64)), Classes).Item(), Is.LessThan(0.6));
            Assert.That(() => probe.Apply(noise), Throws.TypeOf<ShapeException>());
        }
    }

    [Test]
    public void A_linear_probe_does_not_see_scales_and_offsets_of_features()
    {
        var (features, queries) = (Clusters(0.8, 2), Clusters(0.8, 3));
        var scales = Tensor.From([1, 10, 0.1, 3, 1, 5, 0.5, 100], [8]).To(DType.Float64);
        var (plain, scaled) = (LinearProbe.Fit(features, Classes).Apply(queries), LinearProbe.Fit(features * scales + 4, Classes).Apply(queries * scales + 4));
        Assert.That((plain - scaled).Abs().Max().Item(), Is.LessThan(1e-3));
    }
}
