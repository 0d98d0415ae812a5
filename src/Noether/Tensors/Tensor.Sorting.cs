using Noether.Primitives;
using Noether.Transforms;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The positions (int64) that sort an axis; equal elements keep their order, NaN is the greatest.</summary>
    /// <param name="axis">The axis sorted.</param>
    /// <param name="descending">The largest first.</param>
    public Tensor ArgSort(int axis = -1, bool descending = false) => Apply(new ArgSort(Shape.Axis(axis, "ArgSort"), descending), this);

    /// <summary>The elements along an axis in order, NaN the greatest. Each keeps its derivative.</summary>
    /// <param name="axis">The axis sorted.</param>
    /// <param name="descending">The largest first.</param>
    public Tensor Sort(int axis = -1, bool descending = false)
    {
        axis = Shape.Axis(axis, "Sort");
        return Apply(new TopK(axis, Shape[axis], descending), this);
    }

    /// <summary>The k largest or smallest elements along an axis, in order, and their positions (int64). Of equals the first come first.</summary>
    /// <param name="k">How many; at most the axis's size.</param>
    /// <param name="axis">The axis searched.</param>
    /// <param name="largest">The largest, else the smallest.</param>
    /// <exception cref="ShapeException">The axis has fewer than k elements.</exception>
    public (Tensor Values, Tensor Indices) TopK(int k, int axis = -1, bool largest = true)
    {
        axis = Shape.Axis(axis, "TopK");
        if (k < 0 || k > Shape[axis]) throw new ShapeException($"TopK: axis {axis} of {Shape} does not have {k} elements");
        var y = ApplyMany(new TopK(axis, k, largest), this);
        return (y[0], y[1]);
    }

    /// <summary>The median of all elements: of an even number, the mean of the middle two.</summary>
    public Tensor Median() => Flatten().Median(0);

    /// <summary>The median along an axis: of an even number, the mean of the middle two (NumPy's; PyTorch takes the lower).</summary>
    public Tensor Median(int axis, bool keepAxis = false)
    {
        axis = Shape.Axis(axis, "Median");
        return Shape[axis] > 0 ? Quantile(0.5, axis, keepAxis) : throw new ShapeException($"Median: axis {axis} of {Shape} is empty");
    }

    /// <summary>The q-quantile along an axis, interpolated linearly between neighbours in order; NaN if an element is.</summary>
    /// <param name="q">0 (the smallest) … 1 (the largest).</param>
    /// <param name="axis">The axis that disappears, or stays with size 1.</param>
    /// <param name="keepAxis">Whether it stays.</param>
    /// <exception cref="ShapeException">The axis is empty.</exception>
    public Tensor Quantile(double q, int axis, bool keepAxis = false) => Quantile([q], axis, keepAxis).Squeeze(0);

    /// <summary>Quantiles along an axis, along a new first axis.</summary>
    /// <inheritdoc cref="Quantile(double, int, bool)"/>
    public Tensor Quantile(double[] q, int axis, bool keepAxis = false)
    {
        axis = Shape.Axis(axis, "Quantile");
        var n = Shape[axis];
        if (n == 0) throw new ShapeException($"Quantile: axis {axis} of {Shape} is empty");
        var sorted = Floating().Sort(axis);
        var missing = sorted.Narrow(axis, n - 1, 1).IsNaN(); // NaN sorts last
        var parts = Array.ConvertAll(q, fraction =>
        {
            if (!(fraction >= 0 && fraction <= 1)) throw new ShapeException($"Quantile: q = {fraction} is not in 0 … 1, for {Shape}");
            var place = fraction * (n - 1);
            var below = (int)Math.Floor(place);
            var weight = place - below;
            var y = sorted.Narrow(axis, below, 1);
            if (weight > 0) y = y * (1 - weight) + sorted.Narrow(axis, below + 1, 1) * weight;
            y = Select(missing, double.NaN, y);
            return keepAxis ? y : y.Squeeze(axis);
        });
        return Stack(0, parts);
    }

    /// <summary>The different elements in ascending order; evaluates the tensor. Each NaN differs from the others.</summary>
    /// <exception cref="TransformException">The tensor depends on an argument of a transform that is being traced.</exception>
    public Tensor Unique()
    {
        if (Tracing.IsTraced(this)) throw new TransformException($"Unique: how many elements of {Shape} differ is not known while a function is traced");
        var sorted = Flatten().Sort(0);
        var n = sorted.Shape[0];
        if (n == 0) return sorted;
        var differs = sorted.Narrow(0, 1, n - 1).NotEqual(sorted.Narrow(0, 0, n - 1));
        return sorted[Concatenate(0, Full([1], true, DType.Bool, Device), differs)];
    }

    /// <summary>
    /// Where values would go into this sorted vector to keep it sorted (int64): before their equals, or behind them. Binary search, log₂ n gathers.
    /// </summary>
    /// <param name="values">Any shape; the result has it.</param>
    /// <param name="right">Behind equals.</param>
    /// <exception cref="ShapeException">This is not a vector.</exception>
    public Tensor SearchSorted(Tensor values, bool right = false)
    {
        if (Rank != 1) throw new ShapeException($"SearchSorted: {Shape} is not a vector, for values {values.Shape}");
        var n = Shape[0];
        var found = Zeros(values.Shape, DType.Int64, values.Device); // so many elements are known to come before
        if (n == 0) return found;
        for (var step = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)n + 1) / 2; step > 0; step /= 2)
        {
            var next = found + step;
            var last = Apply(new Take(0), this, (next - 1).Minimum(n - 1));
            var before = right ? last <= values : last < values;
            found = Select(before & (next <= n), next, found);
        }

        return found;
    }

    /// <summary>How many elements fall into each of equal bins between low and high (int64); the last bin has its upper edge, strangers count nowhere.</summary>
    /// <exception cref="ShapeException">There is no bin, or no room between the bounds.</exception>
    public Tensor Histogram(int bins, double low, double high)
    {
        if (bins < 1 || !(high > low)) throw new ShapeException($"Histogram: no {bins} bins between {low} and {high}, for {Shape}");
        var x = Floating().Flatten();
        var bin = ((x - low) * (bins / (high - low))).Clamp(0, bins - 1).To(DType.Int64);
        var inside = (x >= low) & (x <= high);
        return Apply(new ScatterAdd(0, bins), inside.To(DType.Int64), Select(inside, bin, 0));
    }
}
