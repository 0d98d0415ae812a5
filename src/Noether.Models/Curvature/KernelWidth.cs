namespace Noether.Models.Curvature;

/// <summary>How wide a bump each node of a spectral density becomes, and on what grid it is shown.</summary>
public abstract record KernelWidth
{
    /// <summary>The default part of the spectrum's range.</summary>
    public const double DefaultShare = 0.0031622776601683794; // √1e-5

    /// <summary>A normal distribution of a standard deviation. The grid reaches 4 of them further than the nodes, the density is not rescaled.</summary>
    public static KernelWidth Deviation(double deviation) => deviation > 0
        ? new Explicit(_ => deviation)
        : throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "Deviation: must be positive");

    /// <summary>A standard deviation that is a part of the nodes' range.</summary>
    public static KernelWidth Relative(double share = DefaultShare) => share > 0
        ? new Explicit(range => share * (range > 0 ? range : 1))
        : throw new ArgumentOutOfRangeException(nameof(share), share, "Relative: must be positive");

    /// <summary>
    /// That of the published codes (Ghorbani et al. 2019, PyHessian): a <em>variance</em> of s·max(1, range), the grid 0.01 wider than the means over
    /// probes of the extreme nodes, and the density divided by its Riemann sum.
    /// </summary>
    /// <param name="share">s.</param>
    public static KernelWidth Reference(double share = 1e-5) => share > 0
        ? new Published(share)
        : throw new ArgumentOutOfRangeException(nameof(share), share, "Reference: must be positive");

    /// <summary>The ends of the grid and the standard deviation.</summary>
    internal abstract (double Low, double High, double Deviation) Fit(SpectralQuadrature quadrature);

    /// <summary>Whether the density is divided by its Riemann sum.</summary>
    internal abstract bool Rescales { get; }

    private sealed record Explicit(Func<double, double> Of) : KernelWidth
    {
        private const double Margin = 4;

        internal override bool Rescales => false;

        internal override (double Low, double High, double Deviation) Fit(SpectralQuadrature quadrature)
        {
            var (low, high) = (quadrature.Nodes.Min(static n => n.Min()), quadrature.Nodes.Max(static n => n.Max()));
            var deviation = Of(high - low);
            return (low - Margin * deviation, high + Margin * deviation, deviation);
        }
    }

    private sealed record Published(double Share) : KernelWidth
    {
        private const double Margin = 0.01;

        internal override bool Rescales => true;

        internal override (double Low, double High, double Deviation) Fit(SpectralQuadrature quadrature)
        {
            var low = quadrature.Nodes.Average(static n => n.Min()) - Margin;
            var high = quadrature.Nodes.Average(static n => n.Max()) + Margin;
            return (low, high, Math.Sqrt(Share * Math.Max(1, high - low)));
        }
    }
}
