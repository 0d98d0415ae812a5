namespace Noether.Models.Sharpening;

/// <summary>The numbers that make one run of descent its own.</summary>
/// <param name="LearningRate">η, the same at every step.</param>
public sealed record DescentRecipe(double LearningRate)
{
    /// <summary>β of <c>v ← β·v + g</c>.</summary>
    public double Momentum { get; init; }

    /// <summary>Looks ahead along the momentum; without, momentum is the heavy ball's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>γ of the penalty <c>½·γ·‖θ‖²</c>, which is no part of the loss that is measured.</summary>
    public double WeightDecay { get; init; }

    /// <summary>ε: targets are <c>(1 - ε)·y + ε/outputs</c>.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>ρ of sharpness-aware minimisation: the gradient is that at <c>θ + ρ·g/‖g‖</c>.</summary>
    public double Radius { get; init; }

    /// <summary>Samples a step, drawn anew with replacement; 0: all, in their order.</summary>
    public int BatchSize { get; init; }

    /// <summary>The most pixels by which images are moved along each axis, anew at each step; what enters is 0.</summary>
    public int Shift { get; init; }

    /// <summary>The sharpness of the loss at which this rule on the full batch stops being stable (<see cref="StabilityThreshold"/>).</summary>
    /// <param name="gradientNorm">‖∇L‖, which only <see cref="Radius"/> asks for.</param>
    public double Threshold(double gradientNorm = double.NaN)
    {
        var smooth = Momentum == 0 ? StabilityThreshold.GradientDescent(LearningRate)
            : Nesterov ? StabilityThreshold.Nesterov(LearningRate, Momentum)
            : StabilityThreshold.HeavyBall(LearningRate, Momentum);
        // The penalty adds γ to every eigenvalue.
        return Math.Max(0, StabilityThreshold.SharpnessAware(smooth - WeightDecay, Radius, gradientNorm));
    }
}
