namespace Noether.Examples.SharpnessAware;

/// <summary>What classifiers on frozen features get wrong.</summary>
/// <param name="Radius">ρ of the network.</param>
/// <param name="NearestNeighbours">By the vote of ten neighbours.</param>
/// <param name="Linear">By planes.</param>
internal sealed record ProbeScore(double Radius, double NearestNeighbours, double Linear);
