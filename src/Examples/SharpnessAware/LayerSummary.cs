namespace Noether.Examples.SharpnessAware;

/// <summary>A layer after training, over seeds.</summary>
/// <param name="Rank">Principal components that hold 99 % of the variance.</param>
/// <param name="Reduction">The part of the rank at the smallest ρ that is lost.</param>
/// <param name="ActiveShare">Units that are active on a tenth of the examples, as a part of all.</param>
/// <param name="DistinctShare">Units that live and differ, as a part of those compared.</param>
internal sealed record LayerSummary(Spread Rank, Spread Reduction, Spread ActiveShare, Spread DistinctShare);
