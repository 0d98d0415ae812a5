using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The lower triangle L with a positive diagonal of <c>A = L Lᵀ</c>, A symmetric and positive definite; reads A's lower triangle only.</summary>
/// <remarks>Differential: <c>dL = L Φ(L⁻¹ dA L⁻ᵀ)</c>, Φ the lower triangle with half the diagonal (Murray 2016, eq. 8).</remarks>
public sealed record Cholesky : FactorisationPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly Cholesky Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Matrices.Definite([3, 3])),
        new(Instance, Matrices.Definite([2, 4, 4])),
        new(Instance, Matrices.Definite([1, 1])),
        new(Instance, Matrices.Definite([0, 2, 2])),
        new(Instance, Matrices.Definite([0, 0])),
    ];

    internal override Factorisation Kind => Factorisation.Cholesky;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, _, _, _) = Matrix(Name, x[0], square: true);
        return [new(x[0].Shape, type)];
    }

    internal override Tensor?[] Differential(Tensor x, Tensor[] y, Tensor dx)
    {
        var solve = new TriangularSolve(Lower: true, Transposed: false, UnitDiagonal: false);
        var half = Tensor.Apply(solve, y[0], Matrices.FromLower(dx));
        var inner = Tensor.Apply(solve, y[0], half.SwapAxes(-2, -1)); // symmetric
        return [y[0].MatMul(Matrices.HalfLower(inner))];
    }
}
