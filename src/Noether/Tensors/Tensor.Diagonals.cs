using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The diagonal of two axes, which disappear; it becomes the last axis. Of a stored matrix, without copying.</summary>
    /// <param name="offset">Above (positive) or below the main diagonal.</param>
    /// <param name="first">The axis of rows.</param>
    /// <param name="second">The axis of columns.</param>
    /// <exception cref="AxisException">No two different axes.</exception>
    public Tensor Diagonal(int offset = 0, int first = -2, int second = -1)
    {
        (first, second) = (Shape.Axis(first, "Diagonal"), Shape.Axis(second, "Diagonal"));
        if (first == second) throw new AxisException($"Diagonal: axis {first} of {Shape} is named twice");
        var x = Permute([.. Enumerable.Range(0, Rank).Where(a => a != first && a != second), first, second]);
        int rows = x.Shape[^2], columns = x.Shape[^1];
        var (start, count) = DiagonalExtent(offset, rows, columns);
        Shape lead = x.Shape[..^2];
        if (count == 0) return Zeros([.. lead, 0], DType, Device);

        // Row-major, the diagonal is every (columns + 1)-th element.
        var flat = x.Reshape([.. lead, checked(rows * columns)]);
        return Apply(new Slice([.. Enumerable.Repeat(0, lead.Rank), start], [.. Enumerable.Repeat(1, lead.Rank), columns + 1], [.. lead, count]), flat);
    }

    /// <summary>Square matrices with the last axis on a diagonal and zeros elsewhere: <c>[…, n]</c> to <c>[…, n + |offset|, n + |offset|]</c>.</summary>
    /// <param name="offset">Above (positive) or below the main diagonal.</param>
    /// <exception cref="ShapeException">A scalar has no axis.</exception>
    public Tensor DiagonalMatrix(int offset = 0)
    {
        if (Rank == 0) throw new ShapeException("DiagonalMatrix: a scalar has no axis to lie on the diagonal");
        int count = Shape[^1], n = count + Math.Abs(offset);
        Shape lead = Shape[..^1];
        if (count == 0) return Zeros([.. lead, n, n], DType, Device);
        var (start, _) = DiagonalExtent(offset, n, n);
        int[] zeros = new int[lead.Rank];
        var high = checked(n * n) - start - ((count - 1) * (n + 1) + 1);
        return Apply(new Pad([.. zeros, start], [.. zeros, n], [.. zeros, high]), this).Reshape([.. lead, n, n]);
    }

    /// <summary>The sum of a diagonal of the last two axes.</summary>
    /// <param name="offset">Above (positive) or below the main diagonal.</param>
    public Tensor Trace(int offset = 0) =>
        Rank >= 2 ? Diagonal(offset).Sum(-1) : throw new ShapeException($"Trace: {Shape} has fewer than two axes");

    /// <summary>The last two axes with zeros above a diagonal (NumPy's <c>tril</c>).</summary>
    /// <param name="offset">The last diagonal that is kept: above (positive) or below the main one.</param>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public Tensor LowerTriangle(int offset = 0) => Triangle("LowerTriangle", (row, column) => column <= row + offset);

    /// <summary>The last two axes with zeros below a diagonal (NumPy's <c>triu</c>).</summary>
    /// <param name="offset">The first diagonal that is kept: above (positive) or below the main one.</param>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public Tensor UpperTriangle(int offset = 0) => Triangle("UpperTriangle", (row, column) => column >= row + offset);

    /// <summary>Matrices along the diagonal of a larger one, zeros elsewhere; leading axes are equal.</summary>
    /// <exception cref="ShapeException">No matrices, or leading axes that differ.</exception>
    public static Tensor BlockDiagonal(params Tensor[] matrices)
    {
        if (matrices.Length == 0 || Array.Exists(matrices, x => x.Rank < 2 || !x.Shape[..^2].Equals(matrices[0].Shape[..^2])))
            throw new ShapeException($"BlockDiagonal: {string.Join(", ", matrices.Select(x => x.Shape))} are not matrices with equal leading axes");
        int before = 0, columns = matrices.Sum(x => x.Shape[^1]);
        var bands = new Tensor[matrices.Length];
        for (var i = 0; i < bands.Length; before += matrices[i++].Shape[^1])
            bands[i] = matrices[i].Pad([(before, columns - before - matrices[i].Shape[^1])]);
        return Concatenate(-2, bands);
    }

    private Tensor Triangle(string operation, Func<Tensor, Tensor, Tensor> inside)
    {
        if (Rank < 2) throw new ShapeException($"{operation}: {Shape} has fewer than two axes");
        var mask = inside(Arange(Shape[^2], device: Device).Unsqueeze(1), Arange(Shape[^1], device: Device).Unsqueeze(0));
        return Select(mask, this, Zeros([], DType, Device));
    }

    private static (int Start, int Count) DiagonalExtent(int offset, int rows, int columns) =>
        offset >= 0
            ? (offset, Math.Max(0, Math.Min(rows, columns - offset)))
            : (-offset * columns, Math.Max(0, Math.Min(rows + offset, columns)));
}
