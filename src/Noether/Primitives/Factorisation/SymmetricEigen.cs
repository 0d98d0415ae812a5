using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// <c>A V = V diag(λ)</c> for symmetric A: eigenvalues ascending [n], orthonormal eigenvectors in columns [n, n], the entry of largest size in each
/// positive. Reads A's lower triangle only.
/// </summary>
/// <remarks>
/// Differential: with <c>M = Vᵀ dA V</c>, <c>dλ = diag M</c> and <c>dV = V (F∘M)</c>, <c>F[i, j] = 1/(λ_j - λ_i)</c>. Vectors of equal eigenvalues are
/// not functions of A: their terms are taken as zero, which is right for functions that do not depend on the choice.
/// </remarks>
public sealed record SymmetricEigen : FactorisationPrimitive, ISampled
{
    /// <inheritdoc cref="Cholesky.Instance"/>
    public static readonly SymmetricEigen Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Matrices.Definite([3, 3])),
        new(Instance, Matrices.Definite([2, 3, 3])),
        new(Instance, Matrices.Definite([1, 1])),
        new(Instance, Matrices.Definite([0, 2, 2])),
    ];

    internal override Factorisation Kind => Factorisation.SymmetricEigen;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, n, _) = Matrix(Name, x[0], square: true);
        return [new([.. leading, n], type), new(x[0].Shape, type)];
    }

    internal override Tensor?[] Differential(Tensor x, Tensor[] y, Tensor dx)
    {
        var (values, v) = (y[0], y[1]);
        var m = v.SwapAxes(-2, -1).MatMul(Matrices.FromLower(dx)).MatMul(v);
        var f = Matrices.SafeReciprocal(values.Unsqueeze(-2) - values.Unsqueeze(-1));
        return [Matrices.Diagonal(m), v.MatMul(f * m)];
    }
}
