namespace Noether.Examples.SharpnessAware;

/// <summary>What the command line says of every study.</summary>
/// <param name="Radii">ρ of each network, ascending.</param>
/// <param name="Seeds">Starts of each.</param>
/// <param name="Epochs">Passes over the images.</param>
/// <param name="Images">To learn from.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="Measured">Training images whose features are measured.</param>
internal sealed record StudySettings(IReadOnlyList<double> Radii, int Seeds, int Epochs, int Images, int BatchSize, int Measured);
