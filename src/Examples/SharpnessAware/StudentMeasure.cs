namespace Noether.Examples.SharpnessAware;

/// <summary>What a student is after some steps.</summary>
/// <param name="Step">How many.</param>
/// <param name="Seed">Counted from the run's.</param>
/// <param name="Radius">ρ.</param>
/// <param name="Rank">Components that hold 99.99 % of the features' squares on the points; NaN if features are not finite.</param>
/// <param name="Alive">Units that are active on some point; at the end only.</param>
/// <param name="Distinct">Units that are left of those correlated beyond 0.999; at the end only.</param>
/// <param name="TrainLoss">Mean squared error on the points.</param>
/// <param name="TestLoss">On others.</param>
/// <param name="Preactivation">The mean over units and points.</param>
internal sealed record StudentMeasure(int Step, int Seed, double Radius, double Rank, int Alive, int Distinct, double TrainLoss, double TestLoss, double Preactivation);
