using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// <c>A = U diag(s) Vᵀ</c> for m rows and n ≤ m columns: U [m, n], s [n] descending, Vᵀ [n, n]. The entry of largest size in each column of U is
/// positive.
/// </summary>
/// <remarks>
/// Differential (Townsend 2016): with <c>P = Uᵀ dA V</c> and <c>F[i, j] = 1/(s_j² - s_i²)</c>, <c>ds = diag P</c>,
/// <c>dU = U (F∘(P S + S Pᵀ)) + (I - U Uᵀ) dA V S⁻¹</c>, <c>dV = V (F∘(S P + Pᵀ S))</c>. Vectors of equal singular values, and U's of zero, are not
/// functions of A: their terms are taken as zero, which is right for functions that do not depend on the choice.
/// </remarks>
public sealed record Svd : FactorisationPrimitive, ISampled
{
    /// <inheritdoc cref="Cholesky.Instance"/>
    public static readonly Svd Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Matrices.Regular([3, 3])),
        new(Instance, Matrices.Regular([2, 4, 2])),
        new(Instance, Matrices.Regular([3, 1])),
        new(Instance, Matrices.Regular([0, 2, 2])),
        new(Instance, Matrices.Regular([2, 0])),
    ];

    internal override Factorisation Kind => Factorisation.Svd;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, _, n) = TallMatrix(Name, x[0]);
        return [new(x[0].Shape, type), new([.. leading, n], type), new([.. leading, n, n], type)];
    }

    internal override Tensor?[] Differential(Tensor x, Tensor[] y, Tensor dx)
    {
        var (u, s, v) = (y[0], y[1], y[2].SwapAxes(-2, -1));
        var (row, column) = (s.Unsqueeze(-2), s.Unsqueeze(-1)); // s_j and s_i
        var right = dx.MatMul(v);
        var p = u.SwapAxes(-2, -1).MatMul(right);
        var transposed = p.SwapAxes(-2, -1);
        var f = Matrices.SafeReciprocal((row - column) * (row + column));
        var du = u.MatMul(f * (p * row + column * transposed));
        if (x.Shape[^2] > x.Shape[^1]) du += (right - u.MatMul(p)) * Matrices.SafeReciprocal(row);
        var dv = v.MatMul(f * (column * p + transposed * row));
        return [du, Matrices.Diagonal(p), dv.SwapAxes(-2, -1)];
    }
}
