namespace Noether.Examples.WeightSpaces;

/// <summary>What the command line says of every task that compares models.</summary>
/// <param name="Epochs">Passes over the networks.</param>
/// <param name="BatchSize">Networks a step.</param>
/// <param name="Seeds">Trainings of each model.</param>
/// <param name="Channels">Of the equivariant layers.</param>
/// <param name="SkipBroken">Leaves out files that cannot be read.</param>
internal sealed record StudySettings(int Epochs, int BatchSize, int Seeds, int Channels, bool SkipBroken);
