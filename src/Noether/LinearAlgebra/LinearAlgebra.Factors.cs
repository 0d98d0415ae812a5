namespace Noether;

/// <summary>
/// Factorisations, systems of equations and measures of matrices: the last two axes of a tensor, leading axes side by side. float32 and float64;
/// everything has derivatives of every order.
/// </summary>
/// <remarks>
/// Computed on the host for tensors of any device, but that an accelerator takes Cholesky's factors and triangular systems of at most 64 rows itself.
/// A matrix that an operation cannot take throws <see cref="MatrixException"/> when its value is computed; an accelerator cannot throw and makes
/// the result NaN from the failing row on. A wrong shape throws <see cref="ShapeException"/> at once.
/// </remarks>
public static partial class LinearAlgebra
{
    /// <summary>The lower triangle L, with a positive diagonal, of <c>A = L Lᵀ</c>.</summary>
    /// <param name="a">Symmetric and positive definite [batch…, n, n]; A and its transpose are averaged first.</param>
    /// <exception cref="MatrixException">Not positive definite.</exception>
    public static Tensor Cholesky(Tensor a) => Tensor.Apply(Primitives.Cholesky.Instance, Symmetric("Cholesky", a));

    /// <summary>The order of rows p (int64 [batch…, n]), L (unit lower triangle) and U (upper triangle) of <c>A[p] = L U</c>, by partial pivoting.</summary>
    /// <param name="a">[batch…, n, n].</param>
    public static (Tensor Order, Tensor Lower, Tensor Upper) Lu(Tensor a)
    {
        var y = Tensor.ApplyMany(Primitives.Lu.Instance, Square("Lu", a));
        return (y[1], Matrices.UnitLower(y[0]), Matrices.Upper(y[0]));
    }

    /// <summary><c>A = Q R</c> with k = min(m, n): Q [batch…, m, k] has orthonormal columns, R [batch…, k, n] is upper triangular, its diagonal not negative.</summary>
    /// <param name="a">[batch…, m, n]; derivatives need the first k columns independent.</param>
    public static (Tensor Q, Tensor R) Qr(Tensor a)
    {
        a = Matrix("Qr", a);
        int m = a.Shape[^2], n = a.Shape[^1];
        var y = Tensor.ApplyMany(Primitives.Qr.Instance, m >= n ? a : a.Narrow(-1, 0, m));
        return m >= n ? (y[0], y[1]) : (y[0], Tensor.Concatenate(-1, y[1], y[0].SwapAxes(-2, -1).MatMul(a.Narrow(-1, m, n - m))));
    }

    /// <summary>
    /// <c>A = U diag(S) Vᵀ</c> with k = min(m, n): U [batch…, m, k], S [batch…, k] descending, Vᵀ [batch…, k, n]. The entry of largest size in each column
    /// of U (of V for a wide matrix) is positive.
    /// </summary>
    /// <param name="a">[batch…, m, n]; derivatives of the vectors need distinct singular values.</param>
    public static (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a)
    {
        a = Matrix("Svd", a);
        if (a.Shape[^2] >= a.Shape[^1])
        {
            var y = Tensor.ApplyMany(Primitives.Svd.Instance, a);
            return (y[0], y[1], y[2]);
        }

        var wide = Tensor.ApplyMany(Primitives.Svd.Instance, a.SwapAxes(-2, -1));
        return (wide[2].SwapAxes(-2, -1), wide[1], wide[0].SwapAxes(-2, -1));
    }

    /// <summary>The singular values, descending: [batch…, m, n] → [batch…, min(m, n)].</summary>
    /// <param name="a">[batch…, m, n].</param>
    public static Tensor SingularValues(Tensor a) => Tensor.Apply(Primitives.SingularValues.Instance, Tall(Matrix("SingularValues", a)));

    /// <summary>
    /// <c>A V = V diag(λ)</c>: eigenvalues ascending [batch…, n] and orthonormal eigenvectors in columns [batch…, n, n], the entry of largest size in each
    /// positive.
    /// </summary>
    /// <param name="a">Symmetric [batch…, n, n]; A and its transpose are averaged first. Derivatives of the vectors need distinct eigenvalues.</param>
    public static (Tensor Values, Tensor Vectors) SymmetricEigen(Tensor a)
    {
        var y = Tensor.ApplyMany(Primitives.SymmetricEigen.Instance, Symmetric("SymmetricEigen", a));
        return (y[0], y[1]);
    }

    /// <summary>The eigenvalues of a symmetric matrix, ascending: [batch…, n, n] → [batch…, n].</summary>
    /// <inheritdoc cref="SymmetricEigen"/>
    public static Tensor SymmetricEigenvalues(Tensor a) =>
        Tensor.Apply(Primitives.SymmetricEigenvalues.Instance, Symmetric("SymmetricEigenvalues", a));

    private static Tensor Tall(Tensor a) => a.Shape[^2] >= a.Shape[^1] ? a : a.SwapAxes(-2, -1);

    private static Tensor Symmetric(string operation, Tensor a)
    {
        a = Square(operation, a);
        return 0.5 * (a + a.SwapAxes(-2, -1));
    }

    private static Tensor Square(string operation, Tensor a)
    {
        a = Matrix(operation, a);
        return a.Shape[^1] == a.Shape[^2] ? a : throw new ShapeException($"{operation}: the matrix is not square: {a.Shape}");
    }

    private static Tensor Matrix(string operation, Tensor a) =>
        a.Rank >= 2 ? a.Floating() : throw new ShapeException($"{operation}: {a.Shape} is not a matrix or a stack of matrices");
}
