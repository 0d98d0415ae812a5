namespace Noether.Models.LossLandscapes;

/// <summary>A surface on a fine grid of which only some points were computed.</summary>
/// <param name="Grid">The surface: computed, or interpolated between computed points.</param>
/// <param name="Computed">Which points were computed, [ys, xs].</param>
/// <param name="Points">How many those are.</param>
/// <param name="Error">
/// What interpolation is expected to err by at most where it was not refined, in the measure's units: a guess from how much it erred one step before.
/// </param>
public sealed record AdaptiveGrid(LandscapeGrid Grid, bool[,] Computed, int Points, double Error);
