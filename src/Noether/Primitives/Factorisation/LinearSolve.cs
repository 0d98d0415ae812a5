namespace Noether.Primitives;

/// <summary>X of <c>A X = B</c>, or of <c>Aᵀ X = B</c>, by <see cref="Lu"/>: A is [batch…, n, n], B [batch…, n, k].</summary>
/// <remarks>Differential: <c>dX = A⁻¹ (dB - dA X)</c>, which needs no derivative of the factors.</remarks>
/// <param name="Transposed">Whether Aᵀ is solved with.</param>
public sealed record LinearSolve(bool Transposed) : CompositePrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new LinearSolve(false), Matrices.Regular([3, 3]), Sampling.Values([3, 2], seed: 1)),
        new(new LinearSolve(true), Matrices.Regular([2, 3, 3]), Sampling.Values([2, 3, 1], seed: 1)),
        new(new LinearSolve(true), Matrices.Regular([1, 1]), Sampling.Values([1, 0], seed: 1)),
    ];

    internal override TensorType[] Infer(Tensor[] x) => Systems.Infer("Solve", x);

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var right = dx[1];
        if (dx[0] is { } d)
        {
            var moved = (Transposed ? d.SwapAxes(-2, -1) : d).MatMul(y[0]);
            right = right is null ? -moved : right - moved;
        }

        return [right is null ? null : Tensor.Apply(this, x[0], right)];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var right = Tensor.Apply(new LinearSolve(!Transposed), x[0], cotangents[0]!);
        return [wanted[0] ? -Systems.Outer(right, y[0], Transposed) : null, wanted[1] ? right : null];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Systems.Batch(this, x, batched, size)];

    internal override Tensor[] Definition(Tensor[] x)
    {
        var factors = Tensor.ApplyMany(Lu.Instance, x[0]);
        var order = factors[1].Unsqueeze(-1);
        var lower = new TriangularSolve(Lower: true, Transposed, UnitDiagonal: true, "Solve");
        var upper = new TriangularSolve(Lower: false, Transposed, UnitDiagonal: false, "Solve");
        if (!Transposed)
            return [Tensor.Apply(upper, factors[0], Tensor.Apply(lower, factors[0], x[1].TakeAlong(order, -2)))];
        return [Tensor.Apply(lower, factors[0], Tensor.Apply(upper, factors[0], x[1])).PutAlong(order, -2, x[1].Shape[^2])];
    }
}
