using Noether.Examples.SharpnessAware;

namespace Noether.Examples.Tests.SharpnessAware;

/// <summary>The claim that ranks fall, in numbers.</summary>
public sealed class RankTrendTests
{
    [TestCase(new[] { 20.0, 18, 18, 5 }, true)]
    [TestCase(new[] { 20.0, 15, 16, 5 }, false)]
    [TestCase(new[] { 20.0, 20, 20 }, false)]
    [TestCase(new[] { 20.0, double.NaN, 19 }, true)]
    [TestCase(new[] { 20.0 }, false)]
    public void A_rank_falls_if_no_radius_has_a_higher_one_than_the_one_before(double[] ranks, bool falls) =>
        Assert.That(RankTrend.Of("stage", 0, ranks).FallsMonotonically, Is.EqualTo(falls));

    [Test]
    public void What_is_lost_is_a_part_of_the_rank_at_the_smallest_radius() =>
        Assert.That(RankTrend.Of("stage", 3, [20, 25, 5, double.NaN]).Reductions, Is.EqualTo([0, -0.25, 0.75, double.NaN]).Within(1e-15));

    [Test]
    public void A_network_without_variance_has_nothing_to_lose() => Assert.That(RankTrend.Of("stage", 3, [0, 0]).Reductions, Has.All.NaN);
}
