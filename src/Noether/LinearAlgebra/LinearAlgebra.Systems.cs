using Noether.Primitives;

namespace Noether;

public static partial class LinearAlgebra
{
    /// <summary>X of <c>A X = B</c>.</summary>
    /// <param name="a">[batch…, n, n].</param>
    /// <param name="b">A vector [n], or columns [batch…, n, k]; leading axes broadcast.</param>
    /// <exception cref="MatrixException">A is singular.</exception>
    public static Tensor Solve(Tensor a, Tensor b) => System("Solve", a, b, new LinearSolve(Transposed: false));

    /// <summary>X of <c>T X = B</c>, or of <c>Tᵀ X = B</c>, for a triangle T.</summary>
    /// <param name="a">[batch…, n, n], of which one triangle is read.</param>
    /// <param name="b">A vector [n], or columns [batch…, n, k]; leading axes broadcast.</param>
    /// <param name="lower">Which triangle.</param>
    /// <param name="transposed">Whether Tᵀ is solved with.</param>
    /// <param name="unitDiagonal">True if the diagonal is one and not read.</param>
    /// <exception cref="MatrixException">A zero on the diagonal.</exception>
    public static Tensor SolveTriangular(Tensor a, Tensor b, bool lower = true, bool transposed = false, bool unitDiagonal = false) =>
        System("SolveTriangular", a, b, new TriangularSolve(lower, transposed, unitDiagonal));

    /// <summary>X of <c>L Lᵀ X = B</c>, L from <see cref="Cholesky"/>: half the work of <see cref="Solve"/>.</summary>
    /// <param name="factor">L [batch…, n, n].</param>
    /// <param name="b">A vector [n], or columns [batch…, n, k]; leading axes broadcast.</param>
    public static Tensor SolveCholesky(Tensor factor, Tensor b) =>
        CholeskySystem(factor, CholeskySystem(factor, b, transposed: false), transposed: true);

    /// <summary>The X of least <c>‖A X - B‖</c>; for fewer rows than columns the shortest X of <c>A X = B</c>. By <see cref="Qr"/>.</summary>
    /// <param name="a">[batch…, m, n] of full rank; else use <see cref="PseudoInverse"/>.</param>
    /// <param name="b">A vector [m], or columns [batch…, m, k]; leading axes broadcast.</param>
    /// <exception cref="MatrixException">A has not full rank.</exception>
    public static Tensor LeastSquares(Tensor a, Tensor b)
    {
        a = Matrix("LeastSquares", a);
        if (b.Rank == 1 && b.Shape[0] == a.Shape[^2]) return LeastSquares(a, b.Unsqueeze(-1)).Squeeze(-1);
        if (b.Rank < 2 || b.Shape[^2] != a.Shape[^2] || Shape.Broadcast(a.Shape[..^2], b.Shape[..^2]) is null)
            throw new ShapeException($"LeastSquares: the right side {b.Shape} does not fit the matrix {a.Shape}");
        var (q, r) = Qr(Tall(a));
        var solve = new TriangularSolve(Lower: false, Transposed: a.Shape[^2] < a.Shape[^1], UnitDiagonal: false, "LeastSquares");
        return solve.Transposed
            ? q.MatMul(System("LeastSquares", r, b, solve))
            : System("LeastSquares", r, q.SwapAxes(-2, -1).MatMul(b), solve);
    }

    /// <summary>A⁻¹; to multiply with it, <see cref="Solve"/> is faster and more accurate.</summary>
    /// <param name="a">[batch…, n, n].</param>
    /// <exception cref="MatrixException">A is singular.</exception>
    public static Tensor Inverse(Tensor a)
    {
        a = Square("Inverse", a);
        return Solve(a, Matrices.Identity(a));
    }

    /// <summary>The Moore-Penrose inverse: [batch…, m, n] → [batch…, n, m].</summary>
    /// <param name="a">Any matrix; derivatives take its rank as constant.</param>
    /// <param name="tolerance">Singular values up to this share of the largest count as zero; default: the larger size times the type's ε.</param>
    public static Tensor PseudoInverse(Tensor a, double? tolerance = null)
    {
        a = Matrix("PseudoInverse", a);
        var inverse = Tensor.Apply(new PseudoInverse(tolerance ?? Negligible(a)), Tall(a));
        return a.Shape[^2] >= a.Shape[^1] ? inverse : inverse.SwapAxes(-2, -1);
    }

    // The relative size below which singular values are rounding, as in NumPy's matrix_rank.
    private static double Negligible(Tensor a) => Math.Max(a.Shape[^2], a.Shape[^1]) * a.DType switch
    {
        DType.Float64 => Math.BitIncrement(1.0) - 1,
        DType.Float32 => MathF.BitIncrement(1) - 1,
        _ => 1.0 / (1 << 7),
    };

    private static Tensor CholeskySystem(Tensor factor, Tensor b, bool transposed) =>
        System("SolveCholesky", factor, b, new TriangularSolve(Lower: true, transposed, UnitDiagonal: false, "SolveCholesky"));

    private static Tensor System(string operation, Tensor a, Tensor b, Primitive solve)
    {
        a = Square(operation, a);
        if (b.Rank == 1 && b.Shape[0] == a.Shape[^1]) return System(operation, a, b.Unsqueeze(-1), solve).Squeeze(-1);
        var leading = b.Rank < 2 || b.Shape[^2] != a.Shape[^1] ? null : Shape.Broadcast(a.Shape[..^2], b.Shape[..^2]);
        if (leading is null) throw new ShapeException($"{operation}: the right side {b.Shape} does not fit the matrix {a.Shape}");
        var type = DTypes.Promote(a.DType, b.DType);
        return Tensor.Apply(solve, a.To(type).BroadcastTo([.. leading, .. a.Shape.AsSpan()[^2..]]), b.To(type).BroadcastTo([.. leading, .. b.Shape.AsSpan()[^2..]]));
    }
}
