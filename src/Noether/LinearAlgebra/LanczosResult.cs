namespace Noether;

/// <summary>Eigenpairs that <see cref="Lanczos"/> found.</summary>
/// <param name="Values">The eigenvalues, descending.</param>
/// <param name="Vectors">Their eigenvectors of length 1, a row each: [values, size].</param>
/// <param name="Residuals"><c>‖A·v - λ·v‖</c> of each pair: at least one true eigenvalue lies as near to λ.</param>
/// <param name="Steps">How many products were spent.</param>
public sealed record LanczosResult(IReadOnlyList<double> Values, Tensor Vectors, IReadOnlyList<double> Residuals, int Steps);
