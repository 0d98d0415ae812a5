using Noether.Models.Sharpening;

namespace Noether.Examples.Sharpening;

/// <summary>One network of the sweep at the end of its training.</summary>
/// <param name="Regulariser">What was changed; "none" for the network that all are compared with.</param>
/// <param name="Strength">By how much.</param>
/// <param name="Seed">Of its start and its batches.</param>
/// <param name="Reading">What was found.</param>
internal sealed record SweepRow(string Regulariser, double Strength, long Seed, SharpnessReading Reading);
