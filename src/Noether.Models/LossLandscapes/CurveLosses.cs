namespace Noether.Models.LossLandscapes;

/// <summary>Losses along a curve between two networks.</summary>
/// <param name="Ts">From 0, the first network, to 1, the last.</param>
/// <param name="Loss">One a step.</param>
/// <param name="Accuracy">One a step; NaN where targets are no classes.</param>
public sealed record CurveLosses(IReadOnlyList<double> Ts, IReadOnlyList<double> Loss, IReadOnlyList<double> Accuracy)
{
    /// <summary>
    /// How far the loss rises above what lies straight between its ends: <c>max_t L(φ(t)) - ((1 - t)·L(φ(0)) + t·L(φ(1)))</c>, at least 0; NaN if a loss is.
    /// </summary>
    public double Barrier => Ts.Zip(Loss, (t, loss) => loss - ((1 - t) * Loss[0] + t * Loss[^1])).Aggregate(0.0, Math.Max);
}
