using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The sum of all elements; bool and int32 sum as int64.</summary>
    public Tensor Sum() => Sum([.. Enumerable.Range(0, Rank)]);

    /// <summary>The sum along an axis.</summary>
    public Tensor Sum(int axis, bool keepAxis = false) => Sum([axis], keepAxis);

    /// <summary>The sum along axes.</summary>
    /// <param name="axes">The axes that disappear, or stay with size 1.</param>
    /// <param name="keepAxes">Whether they stay.</param>
    public Tensor Sum(int[] axes, bool keepAxes = false)
    {
        var x = DType is DType.Bool or DType.Int32 ? To(DType.Int64) : this;
        return x.Fold("Sum", axes, keepAxes, static (x, axis, count) => Apply(new Sum(axis, count), x));
    }

    /// <summary>The mean of all elements.</summary>
    public Tensor Mean() => Mean([.. Enumerable.Range(0, Rank)]);

    /// <summary>The mean along an axis.</summary>
    public Tensor Mean(int axis, bool keepAxis = false) => Mean([axis], keepAxis);

    /// <summary>The mean along axes.</summary>
    public Tensor Mean(int[] axes, bool keepAxes = false)
    {
        long count = 1;
        foreach (var axis in axes) count *= Shape[axis];
        return Floating().Sum(axes, keepAxes) / (double)count;
    }

    /// <summary>The largest of all elements; NaN if there is one.</summary>
    public Tensor Max() => Flatten().Max(0);

    /// <summary>The largest along an axis; the first of equals has the derivative.</summary>
    public Tensor Max(int axis, bool keepAxis = false) => Extreme(axis, true, keepAxis);

    /// <summary>The smallest of all elements; NaN if there is one.</summary>
    public Tensor Min() => Flatten().Min(0);

    /// <summary>The smallest along an axis; the first of equals has the derivative.</summary>
    public Tensor Min(int axis, bool keepAxis = false) => Extreme(axis, false, keepAxis);

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

    private Tensor Extreme(int axis, bool largest, bool keepAxis)
    {
        axis = Shape.Axis(axis, largest ? "Max" : "Min");
        var y = Apply(new Extremum(axis, largest), DType == DType.Bool ? Number() : this);
        if (DType == DType.Bool) y = y.To(DType.Bool);
        return keepAxis ? y.Unsqueeze(axis) : y;
    }

    // Folds run by run of neighbouring axes, last run first, so that no elements are moved.
    private Tensor Fold(string operation, int[] axes, bool keepAxes, Func<Tensor, int, int, Tensor> fold)
    {
        var sorted = Array.ConvertAll(axes, a => Shape.Axis(a, operation));
        Array.Sort(sorted);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) throw new AxisException($"{operation}: axis {sorted[i]} of {Shape} is named twice");
        }

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
