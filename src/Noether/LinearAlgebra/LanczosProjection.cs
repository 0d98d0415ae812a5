namespace Noether;

/// <summary>A symmetric operator on the Krylov space of a start: tridiagonal in an orthonormal basis.</summary>
/// <param name="Diagonal">α: one a step.</param>
/// <param name="Beside">β: one a step; β of step j couples j and j + 1, and the last is how much of the last product lies outside of the space.</param>
/// <param name="Basis">Orthonormal vectors, a row each: [steps, size]; the first is the start.</param>
/// <param name="IsClosed">Whether the operator maps the space to itself, up to rounding.</param>
public sealed record LanczosProjection(IReadOnlyList<double> Diagonal, IReadOnlyList<double> Beside, Tensor Basis, bool IsClosed)
{
    /// <summary>
    /// The nodes and weights of Gauss's quadrature for the start's spectral measure: <c>startᵀ·f(A)·start ≈ Σ weight·f(node)</c> for a start of length 1
    /// (Golub and Welsch 1969). Nodes ascend, weights sum to one; <c>‖A·y - node·y‖</c> of each Ritz vector y is beside.
    /// </summary>
    public (double[] Nodes, double[] Weights, double[] Residuals) Quadrature()
    {
        var n = Diagonal.Count;
        var (nodes, vectors) = KrylovSpace.Solve(Matrix(), n);
        var weights = new double[n];
        var residuals = new double[n];
        for (var i = 0; i < n; i++)
        {
            weights[i] = vectors[i] * vectors[i];
            residuals[i] = Math.Abs(Beside[n - 1] * vectors[(n - 1) * n + i]);
        }

        return (nodes, weights, residuals);
    }

    /// <summary>The tridiagonal matrix, row-major [steps, steps].</summary>
    public double[] Matrix()
    {
        var n = Diagonal.Count;
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            matrix[i * n + i] = Diagonal[i];
            if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = Beside[i - 1];
        }

        return matrix;
    }
}
