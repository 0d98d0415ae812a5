namespace Noether.Nn;

/// <summary>A function along a line: step, value, slope along the line, and gradient.</summary>
internal sealed record LineTrial(double Step, double Value, double Slope, Tensor Gradient);
