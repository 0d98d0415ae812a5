namespace Noether;

public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product over the last two axes, NumPy's <c>matmul</c>: leading axes broadcast, and a vector on either side loses its axis.
    /// </summary>
    /// <exception cref="ShapeException">Inner sizes or leading axes do not fit.</exception>
    public Tensor MatMul(Tensor y) => MatMul(y, Primitives.MatMul.Instance);

    /// <summary>The matrix product of float32 operands read with another precision, and of the products that its derivatives are.</summary>
    /// <remarks>Every device rounds to nearest; of ties TF32 takes the even number, on tensor cores the larger one.</remarks>
    /// <param name="y">The second operand, float32.</param>
    /// <param name="precision">How the operands are read.</param>
    /// <exception cref="DTypeException">An operand is not float32 and the precision is not the highest.</exception>
    /// <inheritdoc cref="MatMul(Tensor)"/>
    public Tensor MatMul(Tensor y, MatMulPrecision precision)
    {
        if (precision == MatMulPrecision.Highest) return MatMul(y);
        if (DType != DType.Float32 || y.DType != DType.Float32)
            throw new DTypeException($"MatMul: {precision} reads float32, not {DType.Name()}{Shape} x {y.DType.Name()}{y.Shape}");
        return MatMul(y, new Primitives.RoundedMatMul(precision));
    }

    private Tensor MatMul(Tensor y, Primitives.Primitive product)
    {
        if (Rank == 0 || y.Rank == 0) throw new ShapeException($"MatMul: operands need an axis: {Shape} x {y.Shape}");
        int inner = Shape[^1], other = y.Shape[y.Rank == 1 ? 0 : y.Rank - 2];
        if (inner != other) throw new ShapeException($"MatMul: inner sizes differ: {Shape} x {y.Shape} ({inner} != {other})");
        if (Rank == 1) return Unsqueeze(0).MatMul(y, product).Squeeze(y.Rank == 1 ? 0 : -2);
        if (y.Rank == 1) return MatMul(y.Unsqueeze(1), product).Squeeze(-1);

        var type = DTypes.Promote(DTypes.Promote(DType, y.DType), DType.Int32);
        var (a, b) = (To(type), y.To(type));
        if (Rank > 2 && y.Rank == 2)
        {
            // Many rows against one matrix: one tall product.
            var rows = a.Reshape([checked((int)(Size / Math.Max(1, Shape[^1]))), Shape[^1]]);
            return Shape[^1] == 0
                ? Zeros([.. Shape.AsSpan()[..^1], y.Shape[1]], type, Device)
                : Apply(product, rows, b).Reshape([.. Shape.AsSpan()[..^1], y.Shape[1]]);
        }

        var batch = Shape.Broadcast(Shape[..^2], y.Shape[..^2])
            ?? throw new ShapeException($"MatMul: leading axes do not broadcast: {Shape} x {y.Shape}");
        return Apply(product, a.BroadcastTo([.. batch, .. Shape.AsSpan()[^2..]]), b.BroadcastTo([.. batch, .. y.Shape.AsSpan()[^2..]]));
    }
}
