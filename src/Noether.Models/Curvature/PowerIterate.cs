using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>Where power iteration stands.</summary>
/// <param name="Value">The Rayleigh quotient <c>vᵀ·A·v</c>.</param>
/// <param name="Vector">v, of length 1.</param>
/// <param name="Residual"><c>‖A·v - λ·v‖</c>.</param>
/// <param name="Products">Products that were spent.</param>
public sealed record PowerIterate(double Value, Parameters Vector, double Residual, int Products);
