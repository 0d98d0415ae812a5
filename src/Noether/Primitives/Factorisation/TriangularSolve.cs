using Noether.Devices;

namespace Noether.Primitives;

/// <summary>X of <c>T X = B</c>, or of <c>Tᵀ X = B</c>: T is one triangle of [batch…, n, n], the other is not read; B is [batch…, n, k].</summary>
/// <remarks>
/// Differential: <c>dX = T⁻¹ (dB - dT X)</c>. Reverse: <c>B̄ = T⁻ᵀ X̄</c> and <c>T̄ = -triangle(B̄ Xᵀ)</c>. A zero on the diagonal throws
/// <see cref="MatrixException"/>, or makes its row of X and those that follow NaN where kernels solve.
/// </remarks>
/// <param name="Lower">Which triangle T is.</param>
/// <param name="Transposed">Whether Tᵀ is solved with.</param>
/// <param name="UnitDiagonal">True if T's diagonal is one and not read.</param>
/// <param name="Caller">The operation that a message names.</param>
public sealed record TriangularSolve(bool Lower, bool Transposed, bool UnitDiagonal, string Caller = "SolveTriangular") : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples
    {
        get
        {
            foreach (var lower in (bool[])[true, false])
                foreach (var transposed in (bool[])[true, false])
                    foreach (var unit in (bool[])[true, false])
                        yield return new(new TriangularSolve(lower, transposed, unit), Matrices.Regular([3, 3]), Sampling.Values([3, 2], seed: 1));
            yield return new(new TriangularSolve(true, false, false), Matrices.Regular([2, 3, 3]), Sampling.Values([2, 3, 1], seed: 1));
            yield return new(new TriangularSolve(false, true, false), Matrices.Regular([2, 2]), Sampling.Values([2, 0], seed: 1));
        }
    }

    internal override TensorType[] Infer(Tensor[] x) => Systems.Infer(Caller, x);

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var right = dx[1];
        if (dx[0] is { } d)
        {
            var moved = (Transposed ? Triangle(d).SwapAxes(-2, -1) : Triangle(d)).MatMul(y[0]);
            right = right is null ? -moved : right - moved;
        }

        return [right is null ? null : Tensor.Apply(this, x[0], right)];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var right = Tensor.Apply(this with { Transposed = !Transposed }, x[0], cotangents[0]!);
        return [wanted[0] ? -Triangle(Systems.Outer(right, y[0], Transposed)) : null, wanted[1] ? right : null];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Systems.Batch(this, x, batched, size)];

    internal override void Evaluate(Device device, View[] x, View[] y) => device.SolveTriangular(this, x[0], x[1], y[0]);

    private Tensor Triangle(Tensor t) => Lower ? Matrices.Lower(t, UnitDiagonal) : Matrices.Upper(t, UnitDiagonal);
}

/// <summary>What systems of equations A X = B share.</summary>
internal static class Systems
{
    public static TensorType[] Infer(string name, Tensor[] x)
    {
        var (_, leading, n, _) = FactorisationPrimitive.Matrix(name, x[0], square: true);
        var type = Rules.Floating(name, [x[0].DType, x[1].DType]);
        return x[1].Rank == x[0].Rank && x[1].Shape[..^2].Equals(leading) && x[1].Shape[^2] == n
            ? [new(x[1].Shape, type)]
            : throw new ShapeException($"{name}: the right side {x[1].Shape} does not fit the matrix {x[0].Shape}");
    }

    /// <summary>The cotangent of the matrix but for its sign: <c>B̄ Xᵀ</c>, transposed where the transposed matrix was solved with.</summary>
    public static Tensor Outer(Tensor right, Tensor solution, bool transposed) =>
        transposed ? solution.MatMul(right.SwapAxes(-2, -1)) : right.MatMul(solution.SwapAxes(-2, -1));

    /// <summary>Right sides of one matrix are columns side by side; otherwise the batch is a leading axis.</summary>
    public static Tensor Batch(Primitive primitive, Tensor[] x, bool[] batched, int size)
    {
        if (!batched[0] && x[0].Rank == 2)
        {
            int n = x[1].Shape[1], k = x[1].Shape[2];
            var wide = x[1].Permute(1, 0, 2).Reshape([n, size * k]);
            return Tensor.Apply(primitive, x[0], wide).Reshape([n, size, k]).Permute(1, 0, 2);
        }

        Tensor a = batched[0] ? x[0] : x[0].BroadcastTo([size, .. x[0].Shape]), b = batched[1] ? x[1] : x[1].BroadcastTo([size, .. x[1].Shape]);
        return Tensor.Apply(primitive, a, b);
    }
}
