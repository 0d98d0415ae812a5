using Noether.Models.Statistics;

namespace Noether.Models.Sharpening;

/// <summary>A run against the edge of stability, in numbers.</summary>
/// <param name="Threshold">Where the edge is.</param>
/// <param name="Arrival">The step of the first measurement at which sharpness has risen to <see cref="Nearness"/> of the threshold; null: it has not.</param>
/// <param name="Plateau">The mean sharpness after the arrival, without the first third of those measurements; NaN without.</param>
/// <param name="LogCorrelation">
/// Pearson's correlation of the logarithms of sharpness and of the largest Jacobian norm before the arrival; NaN for fewer than three measurements.
/// </param>
/// <param name="Correlation">The same over the whole run.</param>
public sealed record EdgeSummary(double Threshold, int? Arrival, double Plateau, double LogCorrelation, double Correlation)
{
    /// <summary>From which part of the threshold on a run counts as arrived.</summary>
    public const double Nearness = 0.95;

    private const int FewestPoints = 3;

    /// <summary>The plateau in units of the threshold.</summary>
    public double PlateauRatio => Plateau / Threshold;

    /// <summary>The summary of one run's measurements.</summary>
    /// <param name="steps">When.</param>
    /// <param name="sharpness">λ_max of the Hessian.</param>
    /// <param name="jacobian">max ‖Jf‖ over the training sample.</param>
    /// <param name="threshold">The rule's (<see cref="DescentRecipe.Threshold"/>).</param>
    public static EdgeSummary Of(IReadOnlyList<int> steps, IReadOnlyList<double> sharpness, IReadOnlyList<double> jacobian, double threshold)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(sharpness);
        ArgumentNullException.ThrowIfNull(jacobian);
        if (steps.Count != sharpness.Count || steps.Count != jacobian.Count)
            throw new ArgumentException($"EdgeSummary: {steps.Count} steps, {sharpness.Count} sharpnesses and {jacobian.Count} Jacobians", nameof(steps));
        var arrival = Enumerable.Range(0, steps.Count).Where(i => sharpness[i] >= Nearness * threshold).Cast<int?>().FirstOrDefault();
        var before = arrival ?? steps.Count;
        double[] after = [.. sharpness.Skip(before)];
        double[] plateau = after[(after.Length / 3)..];
        return new(
            threshold, arrival is { } at ? steps[at] : null, plateau.Length > 0 ? plateau.Average() : double.NaN,
            Correlated([.. sharpness.Take(before)], [.. jacobian.Take(before)]), Correlated([.. sharpness], [.. jacobian]));
    }

    private static double Correlated(double[] sharpness, double[] jacobian) => sharpness.Length < FewestPoints
        ? double.NaN
        : Agreement.Pearson(Array.ConvertAll(sharpness, Math.Log), Array.ConvertAll(jacobian, Math.Log));
}
