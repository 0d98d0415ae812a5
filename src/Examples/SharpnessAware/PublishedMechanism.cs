namespace Noether.Examples.SharpnessAware;

/// <summary>What the paper's experiments on two layers reached, one seed each; null where it is not said.</summary>
/// <param name="Radii">ρ.</param>
/// <param name="Rank">Of the features.</param>
/// <param name="Alive">Active units.</param>
/// <param name="Distinct">Units that differ.</param>
/// <param name="TestLoss">Mean squared error.</param>
/// <remarks>Andriushchenko et al. (2023), section 5 and appendix; numbers of the published notebook.</remarks>
internal sealed record PublishedMechanism(double[] Radii, double[] Rank, double[]? Alive = null, double[]? Distinct = null, double[]? TestLoss = null)
{
    public static PublishedMechanism Of(string activation, bool penalty) => (activation, penalty) switch
    {
        ("relu", true) => new([0, 0.1, 0.2, 0.3, 0.35, 0.38], [19, 18, 16, 13, 14, 6]),
        ("abs", _) => new([0, 0.1, 0.2, 0.3, 0.4], [18, 18, 16, 12, 8]),
        ("tanh", _) => new([0, 0.2, 0.4, 0.6, 0.8], [17, 16, 12, 6, 3]),
        _ => new([0, 0.1, 0.2, 0.4, 0.6], [19, 18, 15, 9, 4], [77, 68, 58, 35, 10], [75, 44, 25, 14, 8], [.0147, .0089, .0060, .0102, .0083]),
    };
}
