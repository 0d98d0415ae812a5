namespace Noether.Models.Sharpening;

/// <summary>
/// The largest eigenvalue of the Hessian at which full-batch descent is stable, by rule: on <c>½·λ·x²</c> the iteration contracts below it and grows
/// above it. Sharpness that rises through training stops there: the edge of stability.
/// </summary>
/// <remarks>Source: Cohen et al. (2021), section 2 and appendix B.</remarks>
public static class StabilityThreshold
{
    /// <summary>2/η.</summary>
    /// <param name="learningRate">η.</param>
    public static double GradientDescent(double learningRate) => 2 / Positive(learningRate);

    /// <summary>2·(1 + β)/η, of <c>v ← β·v + g; θ ← θ - η·v</c>.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">β in [0, 1).</param>
    public static double HeavyBall(double learningRate, double momentum) => 2 * (1 + Momentum(momentum)) / Positive(learningRate);

    /// <summary>2·(1 + β)/(η·(1 + 2β)), of a step that looks ahead along its momentum.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">β in [0, 1).</param>
    /// <remarks>From the roots of <c>z² - (1 + β)(1 - ηλ)z + β(1 - ηλ)</c>: one leaves the unit circle at -1.</remarks>
    public static double Nesterov(double learningRate, double momentum) => 2 * (1 + Momentum(momentum)) / (Positive(learningRate) * (1 + 2 * momentum));

    /// <summary>
    /// The λ at which <c>λ·(1 + ρ·λ/‖g‖)</c> is the threshold of the base rule: the gradient at <c>θ + ρ·g/‖g‖</c> is steeper along a stiff direction. For
    /// gradient descent it is <c>(‖g‖/2ρ)(√(1 + 8ρ/(η·‖g‖)) - 1)</c>.
    /// </summary>
    /// <param name="threshold">Of the base rule.</param>
    /// <param name="radius">ρ; 0: the base rule itself.</param>
    /// <param name="gradientNorm">‖g‖. The threshold falls to 0 with it.</param>
    public static double SharpnessAware(double threshold, double radius, double gradientNorm)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        if (radius == 0) return threshold;
        // without the difference of near numbers where ρ is small
        return gradientNorm == 0 ? 0 : 2 * threshold / (1 + Math.Sqrt(1 + 4 * radius * threshold / gradientNorm));
    }

    private static double Positive(double learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        return learningRate;
    }

    private static double Momentum(double momentum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(momentum, 1);
        return momentum;
    }
}
