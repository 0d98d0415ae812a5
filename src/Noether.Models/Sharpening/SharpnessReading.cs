namespace Noether.Models.Sharpening;

/// <summary>What <see cref="SharpnessProbe"/> found of a network; all NaN where the loss or its second derivatives are not finite.</summary>
public sealed record SharpnessReading
{
    /// <summary>λ_max of the Hessian of the training loss, with smoothing and without penalty.</summary>
    public double Sharpness { get; init; } = double.NaN;

    /// <summary>The next eigenvalue of the Hessian.</summary>
    public double SecondEigenvalue { get; init; } = double.NaN;

    /// <summary>λ_max of the Gauss-Newton matrix.</summary>
    public double GaussNewton { get; init; } = double.NaN;

    /// <summary>How near the two λ_max are to an eigenvalue: the larger of the residuals.</summary>
    public double Residual { get; init; } = double.NaN;

    /// <summary>Products with both matrices that were spent.</summary>
    public int Products { get; init; }

    /// <summary>Jacobians of outputs over the training sample.</summary>
    public JacobianSummary Train { get; init; } = JacobianSummary.Undefined;

    /// <summary>Jacobians of outputs over the test sample.</summary>
    public JacobianSummary Test { get; init; } = JacobianSummary.Undefined;

    /// <summary>Jacobians of softmax(outputs) over the training sample.</summary>
    public JacobianSummary TrainSoftmax { get; init; } = JacobianSummary.Undefined;

    /// <summary>Jacobians of softmax(outputs) over the test sample.</summary>
    public JacobianSummary TestSoftmax { get; init; } = JacobianSummary.Undefined;

    /// <summary>What the targets ask of the Jacobian of outputs (<see cref="Curvature.InputJacobian.LowerBound"/>), over the training sample.</summary>
    public double LowerBound { get; init; } = double.NaN;

    /// <summary>The same of softmax(outputs).</summary>
    public double SoftmaxLowerBound { get; init; } = double.NaN;

    /// <summary>The loss that is descended, without penalty.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>The training loss without smoothing.</summary>
    public double TrainLoss { get; init; } = double.NaN;

    /// <summary>The test loss without smoothing.</summary>
    public double TestLoss { get; init; } = double.NaN;

    /// <summary>The part of the training sample whose largest output is the target's.</summary>
    public double TrainAccuracy { get; init; } = double.NaN;

    /// <summary>The same of the test sample.</summary>
    public double TestAccuracy { get; init; } = double.NaN;

    /// <summary>‖θ‖.</summary>
    public double WeightNorm { get; init; } = double.NaN;

    /// <summary>‖∇L‖ of <see cref="Loss"/>.</summary>
    public double GradientNorm { get; init; } = double.NaN;

    /// <summary>Test less training loss, both without smoothing.</summary>
    public double LossGap => TestLoss - TrainLoss;

    /// <summary>Training less test accuracy.</summary>
    public double AccuracyGap => TrainAccuracy - TestAccuracy;
}
