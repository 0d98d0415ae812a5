using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The sum of all elements; bool and int32 sum as int64.</summary>
    public Tensor Sum() => Sum(EveryAxis());

    /// <summary>The sum along an axis.</summary>
    public Tensor Sum(int axis, bool keepAxis = false) => Sum([axis], keepAxis);

    /// <summary>The sum along axes.</summary>
    /// <param name="axes">The axes that disappear, or stay with size 1.</param>
    /// <param name="keepAxes">Whether they stay.</param>
    public Tensor Sum(int[] axes, bool keepAxes = false)
    {
        var x = DType is DType.Bool or DType.Int32 ? To(DType.Int64) : this;
        return x.Fold("Sum", axes, keepAxes, Summed);
    }

    /// <summary>The mean of all elements.</summary>
    public Tensor Mean() => Mean(EveryAxis());

    /// <summary>The mean along an axis.</summary>
    public Tensor Mean(int axis, bool keepAxis = false) => Mean([axis], keepAxis);

    /// <summary>The mean along axes.</summary>
    public Tensor Mean(int[] axes, bool keepAxes = false)
    {
        var x = Floating();
        return x.Fold("Mean", axes, keepAxes, Summed) / Count("Mean", axes);
    }

    /// <summary>The product of all elements; bool and int32 multiply as int64.</summary>
    public Tensor Prod() => Prod(EveryAxis());

    /// <summary>The product along an axis.</summary>
    public Tensor Prod(int axis, bool keepAxis = false) => Prod([axis], keepAxis);

    /// <summary>The product along axes; derivatives are exact where elements are zero.</summary>
    public Tensor Prod(int[] axes, bool keepAxes = false)
    {
        var x = DType is DType.Bool or DType.Int32 ? To(DType.Int64) : this;
        return x.Fold("Prod", axes, keepAxes, static (x, axis, count) => Apply(new Product(axis, count), x));
    }

    /// <summary>The largest of all elements; NaN if there is one.</summary>
    public Tensor Max() => Max(EveryAxis());

    /// <summary>The largest along an axis; the first of equals has the derivative.</summary>
    /// <exception cref="ShapeException">The axis is empty.</exception>
    public Tensor Max(int axis, bool keepAxis = false) => Max([axis], keepAxis);

    /// <summary>The largest over axes; the first of equals has the derivative.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Max(int[] axes, bool keepAxes = false) => Extreme("Max", true, axes, keepAxes);

    /// <summary>The smallest of all elements; NaN if there is one.</summary>
    public Tensor Min() => Min(EveryAxis());

    /// <summary>The smallest along an axis; the first of equals has the derivative.</summary>
    /// <exception cref="ShapeException">The axis is empty.</exception>
    public Tensor Min(int axis, bool keepAxis = false) => Min([axis], keepAxis);

    /// <summary>The smallest over axes; the first of equals has the derivative.</summary>
    /// <exception cref="ShapeException">There are no elements to choose from.</exception>
    public Tensor Min(int[] axes, bool keepAxes = false) => Extreme("Min", false, axes, keepAxes);

    /// <summary>Whether all elements are true, or not zero.</summary>
    public Tensor All() => All(EveryAxis());

    /// <summary>Whether all elements along an axis are true, or not zero.</summary>
    public Tensor All(int axis, bool keepAxis = false) => All([axis], keepAxis);

    /// <summary>Whether all elements over axes are true, or not zero; of no elements: true.</summary>
    public Tensor All(int[] axes, bool keepAxes = false) =>
        To(DType.Bool).Fold("All", axes, keepAxes, static (x, axis, count) => Apply(new Quantifier(axis, count, true), x));

    /// <summary>Whether any element is true, or not zero.</summary>
    public Tensor Any() => Any(EveryAxis());

    /// <summary>Whether any element along an axis is true, or not zero.</summary>
    public Tensor Any(int axis, bool keepAxis = false) => Any([axis], keepAxis);

    /// <summary>Whether any element over axes is true, or not zero; of no elements: false.</summary>
    public Tensor Any(int[] axes, bool keepAxes = false) =>
        To(DType.Bool).Fold("Any", axes, keepAxes, static (x, axis, count) => Apply(new Quantifier(axis, count, false), x));

    /// <summary>How many elements are not zero (int64).</summary>
    public Tensor CountNonzero() => To(DType.Bool).Sum();

    /// <summary>How many elements along an axis are not zero (int64).</summary>
    public Tensor CountNonzero(int axis, bool keepAxis = false) => To(DType.Bool).Sum(Shape.Axis(axis, "CountNonzero"), keepAxis);

    /// <summary>The position (int64) of the largest along an axis: the first of equals.</summary>
    public Tensor ArgMax(int axis, bool keepAxis = false)
    {
        axis = Shape.Axis(axis, "ArgMax");
        var y = Apply(new ExtremumIndex(axis, true), Number());
        return keepAxis ? y.Unsqueeze(axis) : y;
    }

    /// <summary>The position (int64) of the smallest along an axis: the first of equals.</summary>
    public Tensor ArgMin(int axis, bool keepAxis = false)
    {
        axis = Shape.Axis(axis, "ArgMin");
        var y = Apply(new ExtremumIndex(axis, false), Number());
        return keepAxis ? y.Unsqueeze(axis) : y;
    }

    /// <summary>Neighbouring axes as one.</summary>
    internal Tensor MergeAxes(int axis, int count)
    {
        var sizes = Shape.AsSpan();
        long merged = 1;
        foreach (var size in sizes.Slice(axis, count)) merged *= size;
        return Reshape([.. sizes[..axis], checked((int)merged), .. sizes[(axis + count)..]]);
    }

    private static Tensor Summed(Tensor x, int axis, int count) => Apply(new Sum(axis, count), x);

    private int[] EveryAxis() => [.. Enumerable.Range(0, Rank)];

    // The axes counted from 0, ascending, each once.
    private int[] Named(string operation, int[] axes)
    {
        var sorted = Array.ConvertAll(axes, a => Shape.Axis(a, operation));
        Array.Sort(sorted);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) throw new AxisException($"{operation}: axis {sorted[i]} of {Shape} is named twice");
        }

        return sorted;
    }

    private Tensor Extreme(string operation, bool largest, int[] axes, bool keepAxes)
    {
        var y = Number().Fold(operation, axes, keepAxes, (x, axis, count) => Apply(new Extremum(axis, largest), x.MergeAxes(axis, count)));
        return DType == DType.Bool ? y.To(DType.Bool) : y;
    }

    // Folds run by run of neighbouring axes, last run first, so that no elements are moved.
    private Tensor Fold(string operation, int[] axes, bool keepAxes, Func<Tensor, int, int, Tensor> fold)
    {
        var sorted = Named(operation, axes);
        var result = this;
        for (var end = sorted.Length; end > 0;)
        {
            var start = end - 1;
            while (start > 0 && sorted[start - 1] == sorted[start] - 1) start--;
            result = fold(result, sorted[start], end - start);
            end = start;
        }

        if (!keepAxes) return result;
        return result.Reshape([.. Enumerable.Range(0, Rank).Select(a => Array.BinarySearch(sorted, a) >= 0 ? 1 : Shape[a])]);
    }
}
