using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// <c>A = Q R</c> for at least as many rows as columns: Q has orthonormal columns, R is upper triangular with a diagonal that is not negative
/// (which makes both unique for full rank).
/// </summary>
/// <remarks>
/// Differential, for full rank: with <c>C = Qᵀ dA R⁻¹</c> and Ω the antisymmetric matrix of C's strictly lower triangle,
/// <c>dR = (C - Ω) R</c> and <c>dQ = dA R⁻¹ - Q (C - Ω)</c>.
/// </remarks>
public sealed record Qr : FactorisationPrimitive, ISampled
{
    /// <inheritdoc cref="Cholesky.Instance"/>
    public static readonly Qr Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Matrices.Regular([3, 3])),
        new(Instance, Matrices.Regular([2, 4, 2])),
        new(Instance, Matrices.Regular([3, 1])),
        new(Instance, Matrices.Regular([0, 2, 2])),
        new(Instance, Matrices.Regular([2, 0])),
    ];

    internal override Factorisation Kind => Factorisation.Qr;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, _, n) = TallMatrix(Name, x[0]);
        return [new(x[0].Shape, type), new([.. leading, n, n], type)];
    }

    internal override Tensor?[] Differential(Tensor x, Tensor[] y, Tensor dx)
    {
        var (q, r) = (y[0], y[1]);
        var solved = Tensor.Apply(new TriangularSolve(Lower: false, Transposed: true, UnitDiagonal: false, Caller: "Qr (derivative)"), r, dx.SwapAxes(-2, -1)).SwapAxes(-2, -1);
        var c = q.SwapAxes(-2, -1).MatMul(solved);
        var lower = Matrices.Lower(c, strict: true);
        var upper = c - lower + lower.SwapAxes(-2, -1);
        return [solved - q.MatMul(upper), upper.MatMul(r)];
    }
}
