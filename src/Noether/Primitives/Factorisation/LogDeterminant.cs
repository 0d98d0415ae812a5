namespace Noether.Primitives;

/// <summary>The sign of the determinant and the logarithm of its size: [batch…, n, n] → two of [batch…]; 0 and -∞ for a singular matrix.</summary>
/// <remarks>Differential: <c>d log|det A| = tr(A⁻¹ dA)</c>.</remarks>
public sealed record LogDeterminant : CompositePrimitive, ISampled
{
    /// <inheritdoc cref="Cholesky.Instance"/>
    public static readonly LogDeterminant Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Matrices.Regular([3, 3])),
        new(Instance, Matrices.Regular([2, 2, 2])),
        new(Instance, Matrices.Regular([0, 2, 2])),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, _, _) = FactorisationPrimitive.Matrix(Name, x[0], square: true);
        return [new(leading, type), new(leading, type)];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) =>
        [null, dx[0] is { } d ? Matrices.Diagonal(Tensor.Apply(new LinearSolve(false), x[0], d)).Sum(-1) : null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        if (cotangents[1] is not { } cotangent) return [null];
        var identity = Matrices.Identity(x[0]).BroadcastTo(x[0].Shape);
        return [Tensor.Apply(new LinearSolve(true), x[0], identity * cotangent.Unsqueeze(-1).Unsqueeze(-1))];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Tensor.ApplyMany(this, x);

    internal override Tensor[] Definition(Tensor[] x)
    {
        var factors = Tensor.ApplyMany(Lu.Instance, x[0]);
        var pivots = Matrices.Diagonal(factors[0]);
        var turned = (pivots < 0).Sum(-1) & Tensor.From(1, DType.Int64, pivots.Device); // an odd number of negative pivots turns the sign
        var sign = factors[2] * (1 - 2 * turned).To(pivots.DType);
        return [Tensor.Select(pivots.Equal(0).Sum(-1) > 0, 0, sign), pivots.Abs().Log().Sum(-1)];
    }
}
