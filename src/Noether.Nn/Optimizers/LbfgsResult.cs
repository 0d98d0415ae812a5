namespace Noether.Nn;

/// <summary>What a minimisation reached.</summary>
/// <param name="Parameters">The lowest point found.</param>
/// <param name="State">Curvature, for another call.</param>
/// <param name="Value">There.</param>
/// <param name="LargestGradient">The largest gradient element there.</param>
/// <param name="Iterations">How many line searches were made.</param>
/// <param name="Converged">False if the iterations ran out or no lower value was found along the last direction.</param>
public sealed record LbfgsResult(Parameters Parameters, Parameters State, double Value, double LargestGradient, int Iterations, bool Converged);
