namespace Noether;

public sealed partial class Tensor
{
    /// <summary>
    /// Einstein's sum, NumPy's <c>einsum</c>: <c>Einsum("bij,bjk-&gt;bik", x, y)</c>. Letters name axes; those missing after the arrow are summed;
    /// a letter twice in one term is a diagonal; <c>...</c> stands for the remaining axes, which broadcast. Without an arrow the result has
    /// the axes of the ellipsis and then the letters that occur once, in alphabetical order.
    /// </summary>
    /// <remarks>Several operands are contracted two at a time, the pair whose result is smallest against its operands first.</remarks>
    /// <exception cref="ShapeException">The subscripts are malformed or do not fit the shapes.</exception>
    public static Tensor Einsum(string subscripts, params Tensor[] operands)
    {
        if (operands.Length == 0) throw new ShapeException($"Einsum: '{subscripts}' without operands");
        var parsed = new EinsumSubscripts(subscripts, operands);
        var type = operands.Select(static x => x.DType).Aggregate(DType.Int32, DTypes.Promote);
        return Noether.Einsum.Run(parsed, Array.ConvertAll(operands, x => x.To(type))).To(type);
    }

    /// <summary>The sum of products over the last <paramref name="count"/> axes of this and the first of the other (NumPy's <c>tensordot</c>).</summary>
    /// <exception cref="ShapeException">The axes have other sizes.</exception>
    public Tensor TensorDot(Tensor y, int count = 2)
    {
        if (count < 0 || count > Rank || count > y.Rank) throw new ShapeException($"TensorDot: {count} axes of {Shape} and {y.Shape}");
        return TensorDot(y, [.. Enumerable.Range(Rank - count, count)], [.. Enumerable.Range(0, count)]);
    }

    /// <summary>The sum of products over pairs of axes; the other axes of this come first, then those of the other.</summary>
    /// <exception cref="ShapeException">Not as many axes on both sides, or of other sizes.</exception>
    public Tensor TensorDot(Tensor y, ReadOnlySpan<int> axes, ReadOnlySpan<int> otherAxes)
    {
        int[] mine = Distinct(Shape, axes), theirs = Distinct(y.Shape, otherAxes);
        if (!mine.Select(a => Shape[a]).SequenceEqual(theirs.Select(a => y.Shape[a])))
            throw new ShapeException($"TensorDot: axes [{string.Join(", ", mine)}] of {Shape} and [{string.Join(", ", theirs)}] of {y.Shape} have other sizes");
        int[] rows = [.. Enumerable.Range(0, Rank).Except(mine)], columns = [.. Enumerable.Range(0, y.Rank).Except(theirs)];
        Shape left = [.. rows.Select(a => Shape[a])], right = [.. columns.Select(a => y.Shape[a])], summed = [.. mine.Select(a => Shape[a])];
        var a = Permute([.. rows, .. mine]).Reshape([(int)left.Size, (int)summed.Size]);
        var b = y.Permute([.. theirs, .. columns]).Reshape([(int)summed.Size, (int)right.Size]);
        return a.MatMul(b).Reshape([.. left, .. right]);

        static int[] Distinct(Shape shape, ReadOnlySpan<int> axes)
        {
            var counted = Array.ConvertAll(axes.ToArray(), a => shape.Axis(a, "TensorDot"));
            return counted.Distinct().Count() == counted.Length
                ? counted
                : throw new AxisException($"TensorDot: an axis of {shape} is named twice: [{string.Join(", ", counted)}]");
        }
    }

    /// <summary>Every product of an element of this with one of the other: [size, other size].</summary>
    public Tensor Outer(Tensor y) => Reshape([checked((int)Size), 1]) * y.Reshape([1, checked((int)y.Size)]);

    /// <summary>The sum of products over the last axes (NumPy's <c>inner</c>); of vectors, the dot product.</summary>
    /// <exception cref="ShapeException">The last axes have other sizes.</exception>
    public Tensor Inner(Tensor y)
    {
        if (Rank == 0 || y.Rank == 0) return this * y;
        return Shape[^1] == y.Shape[^1] ? TensorDot(y, [-1], [-1]) : throw new ShapeException($"Inner: last sizes differ: {Shape} and {y.Shape}");
    }

    /// <summary>Kronecker's product: every element of this times the whole other, as blocks. Missing leading axes are 1.</summary>
    public Tensor Kron(Tensor y)
    {
        var rank = Math.Max(Rank, y.Rank);
        Shape a = [.. Enumerable.Repeat(1, rank - Rank), .. Shape], b = [.. Enumerable.Repeat(1, rank - y.Rank), .. y.Shape];
        int[] left = new int[2 * rank], right = new int[2 * rank], joined = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            (left[2 * axis], left[2 * axis + 1]) = (a[axis], 1);
            (right[2 * axis], right[2 * axis + 1]) = (1, b[axis]);
            joined[axis] = checked(a[axis] * b[axis]);
        }

        return (Reshape([.. left]) * y.Reshape([.. right])).Reshape([.. joined]);
    }

    /// <summary>The cross product of vectors of three along an axis; other axes broadcast.</summary>
    /// <exception cref="ShapeException">The axis has not size 3.</exception>
    public Tensor Cross(Tensor y, int axis = -1)
    {
        int mine = Shape.Axis(axis, "Cross"), theirs = y.Shape.Axis(axis, "Cross");
        if (Shape[mine] != 3 || y.Shape[theirs] != 3) throw new ShapeException($"Cross: axis {axis} of {Shape} and {y.Shape} must have size 3");
        return Roll(-1, mine) * y.Roll(1, theirs) - Roll(1, mine) * y.Roll(-1, theirs);
    }
}
