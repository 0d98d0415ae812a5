namespace Noether.Examples.SharpnessAware;

/// <summary>What classifiers on frozen features get wrong.</summary>
/// <param name="Seed">Of the network.</param>
/// <param name="Radius">ρ of the network.</param>
/// <param name="NearestNeighbours">By the vote of ten neighbours.</param>
/// <param name="Linear">By planes.</param>
internal sealed record ProbeScore(long Seed, double Radius, double NearestNeighbours, double Linear);
