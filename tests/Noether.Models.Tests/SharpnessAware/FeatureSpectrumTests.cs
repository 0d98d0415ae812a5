using Noether.Models.SharpnessAware;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class FeatureSpectrumTests
{
    [Test]
    public void Features_of_rank_three_beside_an_offset_have_rank_three_once_columns_are_centred()
    {
        var low = RandomKey.From(1).Normal([50, 3], type: DType.Float64).MatMul(RandomKey.From(2).Normal([3, 20], type: DType.Float64)) + 5;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FeatureSpectrum.Of(low).Rank(0.9999999), Is.EqualTo(3));
            Assert.That(FeatureSpectrum.Of(low, Centring.None).Rank(0.9999999), Is.EqualTo(4));
            Assert.That(FeatureSpectrum.Of(low.Reshape([50, 4, 5])).Rank(0.9999999), Is.EqualTo(3), "features may have axes");
            Assert.That(FeatureSpectrum.Of(low.Transpose()).Variances, Has.Count.EqualTo(20), "the smaller Gram matrix");
        }
    }

    [Test]
    public void Spectra_of_many_networks_are_those_of_each([Values] Centring centring, [Values(4, 30)] int samples)
    {
        var features = RandomKey.From(5).Normal([3, samples, 9], type: DType.Float64) + 1;
        var all = FeatureSpectrum.OfEach(features, centring);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < 3; i++)
                Assert.That(all[i].Variances, Is.EqualTo(FeatureSpectrum.Of(features.Narrow(0, i, 1).Squeeze(0), centring).Variances).Within(1e-11));
            Assert.That(() => FeatureSpectrum.OfEach(features.Narrow(0, 0, 1).Squeeze(0)), Throws.TypeOf<ShapeException>());
        }
    }

    [Test]
    public void Equal_variances_make_all_ranks_their_number()
    {
        var spectrum = new FeatureSpectrum([2, 2, 2, 2]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(spectrum.EffectiveRank, Is.EqualTo(4).Within(1e-12));
            Assert.That(spectrum.StableRank, Is.EqualTo(4).Within(1e-12));
            Assert.That(spectrum.ParticipationRatio, Is.EqualTo(4).Within(1e-12));
            Assert.That(spectrum.Rank(0.75), Is.EqualTo(3), "a tie is reached");
            Assert.That(spectrum.PublishedRank(0.75), Is.EqualTo(4), "the published codes count one more on a tie");
        }
    }

    [Test]
    public void Without_variance_there_is_no_rank()
    {
        var spectrum = FeatureSpectrum.Of(Tensor.Ones([6, 4], DType.Float64));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(spectrum.Rank(), Is.Zero);
            Assert.That(spectrum.EffectiveRank, Is.Zero);
            Assert.That(spectrum.StableRank, Is.Zero);
            Assert.That(spectrum.PublishedRank(), Is.EqualTo(5));
            Assert.That(() => spectrum.Rank(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => FeatureSpectrum.Of(Tensor.Ones([6])), Throws.TypeOf<ShapeException>());
        }
    }

    [Test]
    public void Dead_and_doubled_units_do_not_count_as_distinct()
    {
        var a = RandomKey.From(3).Uniform([30], type: DType.Float64);
        var b = RandomKey.From(4).Uniform([30], type: DType.Float64);
        var features = Tensor.Stack(1, a, b, 2 * a + 1, Tensor.Zeros([30], DType.Float64), 1 - b);
        var statistics = new ActivationStatistics(features);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(statistics.Alive, Is.EqualTo(4));
            Assert.That(ActivationStatistics.DistinctUnits(features), Is.EqualTo(2));
            Assert.That(statistics.Threshold, Is.EqualTo(features.Max().Item() / 20));
            Assert.That(statistics.ActiveUnits(), Is.EqualTo(4));
            Assert.That(ActivationStatistics.UnitsBeyond(-features, 0.5), Is.EqualTo(4), "in size, whatever the sign");
            Assert.That(statistics.ActiveUnits(0.999), Is.EqualTo(1), "only the lifted one is always active");
        }
    }
}
