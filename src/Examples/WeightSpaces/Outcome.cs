namespace Noether.Examples.WeightSpaces;

/// <summary>What one training of a contestant reached.</summary>
/// <param name="Model">The contestant's name.</param>
/// <param name="Seed">Of its start and order.</param>
/// <param name="Parameters">How many numbers it learns.</param>
/// <param name="Validation">The score by which its best epoch was chosen.</param>
/// <param name="Epoch">That epoch.</param>
/// <param name="Scores">On the test set, by name.</param>
/// <param name="NetworksPerSecond">In training.</param>
internal sealed record Outcome(string Model, long Seed, long Parameters, double Validation, double Epoch, Dictionary<string, double> Scores, double NetworksPerSecond);
