using Noether.Primitives;

namespace Noether;

/// <summary>Triangles, diagonals and samples of matrices in the last two axes: the vocabulary of the differentials.</summary>
internal static class Matrices
{
    /// <summary>The elements on and below the diagonal, or strictly below; zeros elsewhere.</summary>
    public static Tensor Lower(Tensor x, bool strict = false)
    {
        var (i, j) = Positions(x);
        return Tensor.Select(strict ? j < i : j <= i, x, 0);
    }

    /// <summary>The elements on and above the diagonal, or strictly above; zeros elsewhere.</summary>
    public static Tensor Upper(Tensor x, bool strict = false)
    {
        var (i, j) = Positions(x);
        return Tensor.Select(strict ? j > i : j >= i, x, 0);
    }

    /// <summary>The elements below the diagonal, ones on it.</summary>
    public static Tensor UnitLower(Tensor x)
    {
        var (i, j) = Positions(x);
        return Tensor.Select(i.Equal(j), 1, Lower(x, strict: true));
    }

    /// <summary>The lower triangle with half the diagonal.</summary>
    public static Tensor HalfLower(Tensor x)
    {
        var (i, j) = Positions(x);
        return Tensor.Select(i.Equal(j), 0.5 * x, Lower(x, strict: true));
    }

    /// <summary>The symmetric matrix whose lower triangle is that of <paramref name="x"/>.</summary>
    public static Tensor FromLower(Tensor x) => Lower(x) + Lower(x, strict: true).SwapAxes(-2, -1);

    /// <summary>1/x, and 0 where x is 0.</summary>
    public static Tensor SafeReciprocal(Tensor x)
    {
        var zero = x.Equal(0);
        return Tensor.Select(zero, 0, 1 / Tensor.Select(zero, 1, x));
    }

    /// <summary>[batch…, m, n] → [batch…, min(m, n)].</summary>
    public static Tensor Diagonal(Tensor x)
    {
        int m = x.Shape[^2], n = x.Shape[^1];
        var flat = x.Reshape([.. x.Shape.AsSpan()[..^2], m * n]);
        return Tensor.Apply(new Take(flat.Rank - 1), flat, Tensor.Arange(Math.Min(m, n), DType.Int64, x.Device) * (n + 1));
    }

    /// <summary>The identity of a square matrix's size, type and device.</summary>
    public static Tensor Identity(Tensor x) => Tensor.Eye(x.Shape[^1], x.DType, x.Device);

    /// <summary>A sample: irregular, of full rank, singular values apart.</summary>
    public static Tensor Regular(Shape shape)
    {
        var (i, j) = Positions(Sampling.Values(shape));
        return Sampling.Values(shape, -1, 1, 2) + Tensor.Select(i.Equal(j), (2 + 1.3 * i).To(DType.Float64), 0);
    }

    /// <summary>A sample: symmetric and positive definite, eigenvalues apart.</summary>
    public static Tensor Definite(Shape shape)
    {
        var x = Regular(shape);
        return 0.5 * (x + x.SwapAxes(-2, -1));
    }

    private static (Tensor I, Tensor J) Positions(Tensor x) =>
        (Tensor.Arange(x.Shape[^2], DType.Int32, x.Device).Unsqueeze(-1), Tensor.Arange(x.Shape[^1], DType.Int32, x.Device));
}
