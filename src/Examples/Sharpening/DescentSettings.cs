using Noether.Models.Curvature;

namespace Noether.Examples.Sharpening;

/// <summary>What the command line says of every verb that follows descent.</summary>
/// <param name="Network">By name.</param>
/// <param name="Loss">ℓ.</param>
/// <param name="Images">To train with.</param>
/// <param name="TestImages">To measure with.</param>
/// <param name="Steps">Of descent.</param>
/// <param name="Every">Steps from one measurement to the next.</param>
/// <param name="Seeds">Starts of each variant.</param>
internal sealed record DescentSettings(string Network, OutputLoss Loss, int Images, int TestImages, int Steps, int Every, int Seeds);
