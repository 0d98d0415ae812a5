using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Sinusoidal networks that were fitted.</summary>
/// <param name="Networks">Their parameters, the networks along axis 0.</param>
/// <param name="PeakSignalToNoise">10·log10(range² / mean squared error), in dB, of each.</param>
/// <param name="Steps">What each took.</param>
public sealed record SirenFit(Parameters Networks, float[] PeakSignalToNoise, int[] Steps);
