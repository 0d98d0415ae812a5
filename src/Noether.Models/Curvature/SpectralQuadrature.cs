using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>
/// Stochastic Lanczos quadrature: for each random probe the nodes and weights of Gauss's quadrature for the spectrum as the probe sees it.
/// <c>Tr f(A) ≈ Size·mean Σ weight·f(node)</c>.
/// </summary>
/// <param name="Nodes">Ascending, for each probe.</param>
/// <param name="Weights">They sum to one for each probe.</param>
/// <param name="Size">The dimension of the space.</param>
/// <remarks>Source: Ubaru, Chen, Saad (2017); for Hessians of networks Ghorbani, Krishnan, Xiao (2019).</remarks>
public sealed record SpectralQuadrature(IReadOnlyList<double[]> Nodes, IReadOnlyList<double[]> Weights, int Size)
{
    /// <summary>The quadrature of an operator.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="key">Decides the probes.</param>
    /// <param name="probes">How many.</param>
    /// <param name="steps">Products for each; fewer where the space of a probe closes before.</param>
    public static SpectralQuadrature Of(SymmetricOperator operation, RandomKey key, int probes = 4, int steps = 80)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(probes);
        return Of(operation, key.Split(probes).Select(operation.Space.Rademacher), steps);
    }

    /// <summary>The quadrature by given probes, whose lengths do not matter.</summary>
    /// <inheritdoc cref="Of(SymmetricOperator, RandomKey, int, int)"/>
    public static SpectralQuadrature Of(SymmetricOperator operation, IEnumerable<Parameters> probes, int steps = 80)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(probes);
        var found = probes.Select(probe => Lanczos.Project(operation.Apply, probe.ToVector(), steps).Quadrature()).ToArray();
        return new([.. found.Select(static q => q.Nodes)], [.. found.Select(static q => q.Weights)], operation.Space.Size);
    }

    /// <summary>The quadrature of a spectrum that is known: every eigenvalue with the same weight.</summary>
    public static SpectralQuadrature Of(double[] eigenvalues)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        return new([[.. eigenvalues.Order()]], [[.. eigenvalues.Select(_ => 1.0 / eigenvalues.Length)]], eigenvalues.Length);
    }

    /// <summary>An estimate of Tr f(A): exact for f = 1, and equal to Hutchinson's for f = t.</summary>
    public double Trace(Func<double, double> f) =>
        Size * Enumerable.Range(0, Nodes.Count).Average(k => Nodes[k].Zip(Weights[k], (node, weight) => weight * f(node)).Sum());

    /// <summary>The density on the grid that the kernel's width asks for.</summary>
    /// <param name="width">Default: <see cref="KernelWidth.Relative"/>.</param>
    /// <param name="points">Points of the grid.</param>
    public SpectralDensity Density(KernelWidth? width = null, int points = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        width ??= KernelWidth.Relative();
        var (low, high, deviation) = width.Fit(this);
        var grid = new double[points];
        for (var i = 0; i < points; i++) grid[i] = low + (high - low) / (points - 1) * i;
        var density = Density(grid, deviation);
        return width.Rescales ? density with { Values = [.. density.Values.Select(value => value / density.Mass)] } : density;
    }

    /// <summary>The density on a given grid, not rescaled.</summary>
    /// <param name="grid">Equally spaced, ascending.</param>
    /// <param name="deviation">The kernel's standard deviation.</param>
    public SpectralDensity Density(IReadOnlyList<double> grid, double deviation)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        var factor = 1 / (Nodes.Count * deviation * Math.Sqrt(2 * Math.PI));
        var values = new double[grid.Count];
        Parallel.For(0, grid.Count, i =>
        {
            for (var k = 0; k < Nodes.Count; k++)
            {
                for (var j = 0; j < Nodes[k].Length; j++)
                {
                    var z = (grid[i] - Nodes[k][j]) / deviation;
                    values[i] += factor * Weights[k][j] * Math.Exp(-z * z / 2);
                }
            }
        });
        return new(grid, values, deviation);
    }
}
