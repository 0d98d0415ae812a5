namespace Noether.Models.LossLandscapes;

/// <summary>Losses on a grid; rows are y, columns x.</summary>
/// <param name="Xs">Steps along the first direction.</param>
/// <param name="Ys">Steps along the second; 0 alone for a line.</param>
/// <param name="Loss">[ys, xs].</param>
/// <param name="Accuracy">The part of the samples whose largest output is their class, [ys, xs]; NaN where targets are no classes.</param>
/// <param name="Clamped">Where an extrapolated variance was negative and was held at 0, [ys, xs].</param>
public sealed record LandscapeGrid(IReadOnlyList<double> Xs, IReadOnlyList<double> Ys, double[,] Loss, double[,] Accuracy, bool[,] Clamped);
