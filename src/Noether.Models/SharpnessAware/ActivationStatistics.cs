namespace Noether.Models.SharpnessAware;

/// <summary>Which units of a layer are active on a sample of data, by their features [samples, units].</summary>
/// <remarks>A feature counts as active above a twentieth of the largest of all (Andriushchenko et al. 2023).</remarks>
public sealed class ActivationStatistics
{
    private const double Part = 20;

    private readonly double[] active; // the share of samples on which each unit is active

    /// <summary>The statistics of features.</summary>
    /// <param name="features">[samples, units].</param>
    public ActivationStatistics(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rank != 2) throw new ShapeException($"ActivationStatistics: {features.Shape} is not [samples, units]");
        Threshold = features.Max().Item() / Part;
        active = (features.To(DType.Float64) > Threshold).To(DType.Float64).Mean(0).ToArray<double>();
        Alive = features.Max(0).ToArray<double>().Count(static top => top > 0);
    }

    /// <summary>max/20.</summary>
    public double Threshold { get; }

    /// <summary>The part of all entries above the threshold.</summary>
    public double ActiveFraction => active.Average();

    /// <summary>Units that are positive on some sample.</summary>
    public int Alive { get; }

    /// <summary>Units that are active on more than a share of the samples.</summary>
    public int ActiveUnits(double share = 0) => active.Count(part => part > share);

    /// <summary>Units whose features are larger than a number, in size, on some sample: what "active" means where features may be negative.</summary>
    /// <param name="features">[samples, units].</param>
    /// <param name="size">The number.</param>
    public static int UnitsBeyond(Tensor features, double size)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rank != 2) throw new ShapeException($"UnitsBeyond: {features.Shape} is not [samples, units]");
        return features.Abs().Max(0).ToArray<double>().Count(top => top > size);
    }

    /// <summary>
    /// Units that differ: dead ones are dropped, and then, from the first on, each unit that is correlated with one of those that remain.
    /// </summary>
    /// <param name="features">[samples, units].</param>
    /// <param name="correlation">From which |correlation| on two count as one.</param>
    public static int DistinctUnits(Tensor features, double correlation = 0.95)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rank != 2) throw new ShapeException($"DistinctUnits: {features.Shape} is not [samples, units]");
        var centred = FeatureSpectrum.Centred(features, Centring.PerFeature);
        var norms = centred.Square().Sum(0).Sqrt();
        var unit = centred / Tensor.Select(norms > 0, norms, 1);
        var units = features.Shape[1];
        var correlations = unit.Transpose().MatMul(unit).ToArray<double>();
        var alive = features.Max(0).ToArray<double>();
        var remaining = Enumerable.Range(0, units).Where(i => alive[i] > 0).ToList();
        foreach (var i in remaining.ToArray())
        {
            if (remaining.Exists(j => j != i && Math.Abs(correlations[i * units + j]) > correlation)) remaining.Remove(i);
        }

        return remaining.Count;
    }
}
