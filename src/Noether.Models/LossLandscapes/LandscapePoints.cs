namespace Noether.Models.LossLandscapes;

/// <summary>Losses at some points of a plane, in their order.</summary>
/// <param name="Loss">One a point.</param>
/// <param name="Accuracy">The part of the samples whose largest output is their class; NaN where targets are no classes.</param>
/// <param name="Clamped">Whether an extrapolated variance was negative and was held at 0.</param>
public sealed record LandscapePoints(IReadOnlyList<double> Loss, IReadOnlyList<double> Accuracy, IReadOnlyList<bool> Clamped);
