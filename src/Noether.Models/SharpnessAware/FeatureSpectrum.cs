namespace Noether.Models.SharpnessAware;

/// <summary>The variances σ² of features along their principal components, and what they say of rank.</summary>
/// <param name="Variances">σ², descending: squared singular values of the centred features.</param>
/// <remarks>Andriushchenko, Bahri, Mobahi, Flammarion, "Sharpness-aware minimization leads to low-rank features" (2023).</remarks>
public sealed record FeatureSpectrum(IReadOnlyList<double> Variances)
{
    private const double Slack = 1e-12; // a share that differs by rounding counts as reached
    private const double Rounding = 1e-28; // of the features' squares: what centring equal numbers leaves

    private double Total => Variances.Sum();

    /// <summary>exp of the entropy of the shares σ²/Σσ²; 0 without variance.</summary>
    public double EffectiveRank => Total > 0 ? Math.Exp(-Variances.Select(v => v / Total).Where(static p => p > 0).Sum(static p => p * Math.Log(p))) : 0;

    /// <summary>Σσ²/σ₁²; 0 without variance.</summary>
    public double StableRank => Total > 0 ? Total / Variances[0] : 0;

    /// <summary>(Σσ²)²/Σσ⁴; 0 without variance.</summary>
    public double ParticipationRatio => Total > 0 ? Total * Total / Variances.Sum(static v => v * v) : 0;

    /// <summary>The spectrum by the smaller Gram matrix in float64: accurate for shares above 1e-15.</summary>
    /// <param name="features">[samples, features…].</param>
    /// <param name="centring">What is subtracted.</param>
    public static FeatureSpectrum Of(Tensor features, Centring centring = Centring.PerFeature) => OfCentred(Centred(features, centring).Unsqueeze(0), features)[0];

    /// <summary>The spectra of many networks' features at once.</summary>
    /// <param name="features">[networks, samples, features].</param>
    /// <param name="centring">What is subtracted.</param>
    public static IReadOnlyList<FeatureSpectrum> OfEach(Tensor features, Centring centring = Centring.PerFeature)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rank != 3) throw new ShapeException($"FeatureSpectrum: {features.Shape} is not [networks, samples, features]");
        return OfCentred(Transform.Vmap(one => Centred(one, centring))(features), features);
    }

    // [networks, samples, features] each.
    private static FeatureSpectrum[] OfCentred(Tensor centred, Tensor features)
    {
        var turned = centred.SwapAxes(1, 2);
        var gram = centred.Shape[1] <= centred.Shape[2] ? centred.MatMul(turned) : turned.MatMul(centred);
        var values = LinearAlgebra.SymmetricEigenvalues(gram);
        var total = features.To(DType.Float64).Reshape([centred.Shape[0], -1]).Square().Sum(1);
        var variances = Tensor.Select((gram.Trace() > Rounding * total).Unsqueeze(1), values.Maximum(0), 0).ToArray<double>();
        var count = gram.Shape[1];
        return [.. Enumerable.Range(0, centred.Shape[0]).Select(i => new FeatureSpectrum([.. variances[(i * count)..((i + 1) * count)].AsEnumerable().Reverse()]))];
    }

    /// <summary>The features in float64 as a matrix [samples, features], centred.</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor Centred(Tensor features, Centring centring)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rank < 2) throw new ShapeException($"FeatureSpectrum: {features.Shape} is not [samples, features…]");
        var matrix = features.Reshape([features.Shape[0], checked((int)features.Shape[1..].Size)]).To(DType.Float64);
        return centring switch
        {
            Centring.PerFeature => matrix - matrix.Mean(0, keepAxis: true),
            Centring.PerSample => matrix - matrix.Mean(1, keepAxis: true),
            _ => matrix,
        };
    }

    /// <summary>The fewest components that hold a share of the variance; 0 without variance.</summary>
    /// <param name="share">In (0, 1].</param>
    public int Rank(double share = 0.99)
    {
        if (share is <= 0 or > 1) throw new ArgumentOutOfRangeException(nameof(share), share, "Rank: a share lies in (0, 1]");
        if (Total == 0) return 0;
        double sum = 0;
        for (var k = 0; k < Variances.Count; k++)
        {
            sum += Variances[k];
            if (sum >= (share - Slack) * Total) return k + 1;
        }

        return Variances.Count;
    }

    /// <summary>
    /// As the published codes count: one more than the cumulative sums that do not exceed the share. The same as <see cref="Rank"/> but for one more on a tie, and one
    /// more than there are without variance.
    /// </summary>
    /// <inheritdoc cref="Rank"/>
    public int PublishedRank(double share = 0.99)
    {
        double sum = 0;
        return Variances.Count(v => (sum += v) <= share * Total) + 1;
    }
}
