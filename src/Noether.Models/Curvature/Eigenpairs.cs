using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>Eigenpairs of an operator.</summary>
/// <param name="Values">Eigenvalues, descending.</param>
/// <param name="Vectors">Eigenvectors of length 1, along a leading axis of every tensor.</param>
/// <param name="Residuals"><c>‖A·v - λ·v‖</c> of each: an eigenvalue lies as near to λ.</param>
/// <param name="Products">Products that were spent.</param>
public sealed record Eigenpairs(IReadOnlyList<double> Values, Parameters Vectors, IReadOnlyList<double> Residuals, int Products);
