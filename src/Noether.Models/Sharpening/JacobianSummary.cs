namespace Noether.Models.Sharpening;

/// <summary>The spectral norms of the input-output Jacobian over a sample.</summary>
/// <param name="Max">The largest: the Lipschitz constant from below.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="ArgMax">The sample of the largest.</param>
public sealed record JacobianSummary(double Max, double Mean, int ArgMax)
{
    /// <summary>Of a network that is not finite.</summary>
    public static JacobianSummary Undefined { get; } = new(double.NaN, double.NaN, 0);

    /// <summary>Of norms, one a sample.</summary>
    public static JacobianSummary Of(IReadOnlyList<double> norms)
    {
        ArgumentNullException.ThrowIfNull(norms);
        var max = norms.Max();
        return new(max, norms.Average(), norms.ToList().IndexOf(max));
    }
}
