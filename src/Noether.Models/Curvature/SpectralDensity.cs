namespace Noether.Models.Curvature;

/// <summary>A density of eigenvalues on a grid.</summary>
/// <param name="Grid">Where, equally spaced.</param>
/// <param name="Values">The density there.</param>
/// <param name="Deviation">The kernel's standard deviation.</param>
public sealed record SpectralDensity(IReadOnlyList<double> Grid, IReadOnlyList<double> Values, double Deviation)
{
    /// <summary>The Riemann sum: near 1 if the grid is wide and fine enough.</summary>
    public double Mass => Values.Sum() * (Grid[1] - Grid[0]);
}
