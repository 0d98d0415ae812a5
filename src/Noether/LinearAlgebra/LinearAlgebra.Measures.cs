namespace Noether;

public static partial class LinearAlgebra
{
    /// <summary>The determinant: [batch…, n, n] → [batch…]. Its size goes through a logarithm: relative error about |log det| ε.</summary>
    /// <param name="a">[batch…, n, n]; derivatives need it regular.</param>
    public static Tensor Determinant(Tensor a)
    {
        var (sign, log) = LogDeterminant(Square("Determinant", a));
        return sign * log.Exp();
    }

    /// <summary>The determinant's sign and the logarithm of its size, which neither over- nor underflows: 0 and -∞ for a singular matrix.</summary>
    /// <param name="a">[batch…, n, n]; derivatives need it regular.</param>
    public static (Tensor Sign, Tensor Log) LogDeterminant(Tensor a)
    {
        var y = Tensor.ApplyMany(Primitives.LogDeterminant.Instance, Square("LogDeterminant", a));
        return (y[0], y[1]);
    }

    /// <summary>Aᵏ by repeated squaring; a negative power is that of the inverse.</summary>
    /// <param name="a">[batch…, n, n].</param>
    /// <param name="exponent">k.</param>
    /// <exception cref="MatrixException">A is singular and k negative.</exception>
    public static Tensor MatrixPower(Tensor a, int exponent)
    {
        a = Square("MatrixPower", a);
        if (exponent == 0) return Matrices.Identity(a).BroadcastTo(a.Shape);
        var square = exponent < 0 ? Inverse(a) : a;
        Tensor? power = null;
        for (var rest = Math.Abs((long)exponent); ; square = square.MatMul(square))
        {
            if ((rest & 1) != 0) power = power?.MatMul(square) ?? square;
            rest >>= 1;
            if (rest == 0) return power!;
        }
    }

    /// <summary>A norm of each matrix: [batch…, m, n] → [batch…].</summary>
    /// <param name="a">[batch…, m, n].</param>
    /// <param name="norm">Which.</param>
    public static Tensor Norm(Tensor a, MatrixNorm norm = MatrixNorm.Frobenius)
    {
        a = Matrix("Norm", a);
        return norm switch
        {
            MatrixNorm.Nuclear => SingularValues(a).Sum(-1),
            MatrixNorm.Spectral => SingularValues(a).Max(-1),
            MatrixNorm.One => a.Abs().Sum(-2).Max(-1),
            MatrixNorm.Infinity => a.Abs().Sum(-1).Max(-1),
            _ => a.Square().Sum([-2, -1]).Sqrt(),
        };
    }

    /// <summary>The largest over the smallest singular value: [batch…, m, n] → [batch…]; ∞ for a singular matrix.</summary>
    /// <param name="a">[batch…, m, n], not empty.</param>
    public static Tensor ConditionNumber(Tensor a)
    {
        a = Matrix("ConditionNumber", a);
        if (a.Shape[^1] == 0 || a.Shape[^2] == 0) throw new ShapeException($"ConditionNumber: {a.Shape} has no singular values");
        var s = SingularValues(a);
        return s.Max(-1) / s.Min(-1);
    }

    /// <summary>How many singular values are not negligible: [batch…, m, n] → int64 [batch…].</summary>
    /// <param name="a">[batch…, m, n].</param>
    /// <param name="tolerance">Singular values up to this share of the largest count as zero; default: the larger size times the type's ε.</param>
    public static Tensor Rank(Tensor a, double? tolerance = null)
    {
        a = Matrix("Rank", a);
        var s = SingularValues(a);
        return s.Shape[^1] == 0
            ? Tensor.Zeros(a.Shape[..^2], DType.Int64, a.Device)
            : (s > s.Narrow(-1, 0, 1) * (tolerance ?? Negligible(a))).Sum(-1);
    }
}
