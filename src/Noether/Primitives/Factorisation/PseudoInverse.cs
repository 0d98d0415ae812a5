namespace Noether.Primitives;

/// <summary>The Moore-Penrose inverse of [batch…, m, n], m ≥ n, by <see cref="Svd"/>: [batch…, n, m].</summary>
/// <remarks>
/// Differential, where the rank is locally constant (Golub and Pereyra 1973): <c>dP = -P dA P + P Pᵀ dAᵀ (I - A P) + (I - P A) dAᵀ Pᵀ P</c>; unlike the
/// definition's it needs no distinct singular values.
/// </remarks>
/// <param name="Tolerance">Singular values up to this share of the largest count as zero.</param>
public sealed record PseudoInverse(double Tolerance) : CompositePrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new PseudoInverse(1e-9), Matrices.Regular([3, 3])),
        new(new PseudoInverse(1e-9), Matrices.Regular([2, 4, 2])),
        new(new PseudoInverse(1e-9), Matrices.Regular([0, 2, 1])),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, m, n) = FactorisationPrimitive.TallMatrix(Name, x[0]);
        return [new([.. leading, n, m], type)];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        if (dx[0] is not { } d) return [null];
        var (a, p) = (x[0], y[0]);
        Tensor pt = p.SwapAxes(-2, -1), dt = d.SwapAxes(-2, -1);
        var beside = dt - dt.MatMul(a).MatMul(p); // dAᵀ (I - A P)
        var across = dt.MatMul(pt).MatMul(p);
        return [p.MatMul(pt).MatMul(beside) + across - p.MatMul(a).MatMul(across) - p.MatMul(d).MatMul(p)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(this, x)];

    internal override Tensor[] Definition(Tensor[] x)
    {
        var y = Tensor.ApplyMany(Svd.Instance, x[0]);
        var (u, s, v) = (y[0], y[1], y[2].SwapAxes(-2, -1));
        if (s.Shape[^1] == 0) return [x[0].SwapAxes(-2, -1)];
        var counts = s > s.Narrow(-1, 0, 1) * Tolerance;
        var inverse = Tensor.Select(counts, 1 / Tensor.Select(counts, s, 1), 0);
        return [(v * inverse.Unsqueeze(-2)).MatMul(u.SwapAxes(-2, -1))];
    }
}
