namespace Noether.Models.Curvature;

/// <summary>Norms of a network's Jacobian at samples.</summary>
/// <param name="Spectral">The largest singular value, a sample each.</param>
/// <param name="Frobenius">The Frobenius norm, a sample each.</param>
public sealed record JacobianNorms(IReadOnlyList<double> Spectral, IReadOnlyList<double> Frobenius)
{
    /// <summary>The largest spectral norm: an estimate from below of the Lipschitz constant.</summary>
    public double Max => Spectral.Max();

    /// <summary>The mean spectral norm.</summary>
    public double Mean => Spectral.Average();

    /// <summary>The sample of the largest.</summary>
    public int ArgMax => Spectral.ToList().IndexOf(Max);
}
