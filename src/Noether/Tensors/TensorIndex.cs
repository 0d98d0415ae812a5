namespace Noether;

/// <summary>
/// One item of an index, <c>x[2, ^1, 1..3, TensorIndex.Every(-1), rows]</c>: an integer, a <see cref="Range"/>, a stepped range, a new axis,
/// an ellipsis, or a tensor of integers or truth values. The default is the whole axis.
/// </summary>
/// <remarks>
/// NumPy's rules. Integers take one element and drop the axis; negative ones count from the end. Ranges keep it, and are cut to its size.
/// Tensors of integers broadcast together and their axes take the place of the axes indexed (in front, if a range, a new axis or an ellipsis
/// stands between two of them; then integers beside them count as tensors). A bool tensor covers as many axes as it has and stands for the
/// positions where it is true.
/// </remarks>
public readonly struct TensorIndex
{
    private TensorIndex(IndexKind kind, Range range = default, int step = 1, Tensor? tensor = null)
    {
        Kind = kind;
        Range = range;
        Step = step;
        Tensor = tensor;
    }

    /// <summary>A new axis of size 1.</summary>
    public static TensorIndex NewAxis => new(IndexKind.NewAxis);

    /// <summary>As many whole axes as the other items leave.</summary>
    public static TensorIndex Ellipsis => new(IndexKind.Ellipsis);

    internal IndexKind Kind { get; }

    /// <summary>What a slice covers; of an integer, the range that starts there.</summary>
    internal Range Range { get; }

    internal int Step { get; }

    internal Tensor? Tensor { get; }

    /// <summary>Every <paramref name="step"/>-th element of an axis. A negative step goes from the end: <c>Every(-1)</c> reverses.</summary>
    /// <exception cref="AxisException">The step is 0.</exception>
    public static TensorIndex Every(int step) => Every(step, ..);

    /// <summary>Every <paramref name="step"/>-th element of a range. A negative step starts at the range's last element.</summary>
    /// <exception cref="AxisException">The step is 0.</exception>
    public static TensorIndex Every(int step, Range range) =>
        step != 0 ? new(IndexKind.Slice, range, step) : throw new AxisException("Index: a step of 0 goes nowhere");

    /// <summary>The element at a position; negative ones count from the end.</summary>
    public static implicit operator TensorIndex(int position) => position < 0 ? new Index(-position, fromEnd: true) : new Index(position);

    /// <summary>The element at a position.</summary>
    public static implicit operator TensorIndex(Index position) => new(IndexKind.Position, new(position, default));

    /// <summary>The elements of a range; what lies outside the axis is left out.</summary>
    public static implicit operator TensorIndex(Range range) => new(IndexKind.Slice, range);

    /// <summary>The elements that integers name, or those where truth values are true.</summary>
    public static implicit operator TensorIndex(Tensor tensor) => new(IndexKind.Tensor, tensor: tensor);
}

/// <summary>What an item of an index is.</summary>
internal enum IndexKind
{
    Whole,
    Slice,
    Position,
    NewAxis,
    Ellipsis,
    Tensor,
}
