using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// <c>A[p] = L U</c> with partial pivoting: L (unit diagonal, not stored) and U packed in one matrix, the order p of rows (int64), and the sign
/// of p. A singular matrix has a zero on U's diagonal.
/// </summary>
/// <remarks>Differential: with <c>M = L⁻¹ dA[p] U⁻¹</c>, <c>dL = L·strictly lower(M)</c> and <c>dU = upper(M)·U</c>.</remarks>
public sealed record Lu : FactorisationPrimitive, ISampled
{
    /// <inheritdoc cref="Cholesky.Instance"/>
    public static readonly Lu Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Matrices.Regular([3, 3])),
        new(Instance, Matrices.Regular([2, 3, 3])),
        new(Instance, Matrices.Regular([1, 1])),
        new(Instance, Matrices.Regular([0, 2, 2])),
    ];

    internal override Factorisation Kind => Factorisation.Lu;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, n, _) = Matrix(Name, x[0], square: true);
        return [new(x[0].Shape, type), new([.. leading, n], DType.Int64), new(leading, type)];
    }

    internal override Tensor?[] Differential(Tensor x, Tensor[] y, Tensor dx)
    {
        var packed = y[0];
        var permuted = dx.TakeAlong(y[1].Unsqueeze(-1), -2);
        var left = Tensor.Apply(new TriangularSolve(Lower: true, Transposed: false, UnitDiagonal: true), packed, permuted);
        var both = Tensor.Apply(new TriangularSolve(Lower: false, Transposed: true, UnitDiagonal: false), packed, left.SwapAxes(-2, -1));
        var inner = both.SwapAxes(-2, -1);
        return [Matrices.UnitLower(packed).MatMul(Matrices.Lower(inner, strict: true)) + Matrices.Upper(inner).MatMul(Matrices.Upper(packed)), null, null];
    }
}
