using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>Running sums along an axis; bool and int32 sum as int64.</summary>
    /// <param name="axis">The axis summed along.</param>
    /// <param name="reverse">From the last element to the first.</param>
    /// <param name="exclusive">Without the element itself: the first sum is 0.</param>
    public Tensor CumSum(int axis, bool reverse = false, bool exclusive = false)
    {
        axis = Shape.Axis(axis, "CumSum");
        var x = DType is DType.Bool or DType.Int32 ? To(DType.Int64) : this;
        return Apply(new CumulativeSum(axis, reverse), exclusive ? x.Shifted(axis, reverse, 0) : x);
    }

    /// <summary>Running products along an axis; bool and int32 multiply as int64. Derivatives are exact where elements are zero.</summary>
    /// <param name="axis">The axis multiplied along.</param>
    /// <param name="reverse">From the last element to the first.</param>
    /// <param name="exclusive">Without the element itself: the first product is 1.</param>
    public Tensor CumProd(int axis, bool reverse = false, bool exclusive = false)
    {
        axis = Shape.Axis(axis, "CumProd");
        var x = DType is DType.Bool or DType.Int32 ? To(DType.Int64) : this;
        return Apply(new CumulativeProduct(axis, reverse), exclusive ? x.Shifted(axis, reverse, 1) : x);
    }

    /// <summary>The largest so far along an axis; NaN from the first one on. The first of equals met has the derivative.</summary>
    /// <param name="axis">The axis searched along.</param>
    /// <param name="reverse">From the last element to the first.</param>
    public Tensor CumMax(int axis, bool reverse = false) => Running("CumMax", axis, true, reverse).Values;

    /// <summary>The smallest so far along an axis; NaN from the first one on. The first of equals met has the derivative.</summary>
    /// <inheritdoc cref="CumMax"/>
    public Tensor CumMin(int axis, bool reverse = false) => Running("CumMin", axis, false, reverse).Values;

    /// <summary>Where the largest so far along an axis lies (int64): the first of equals met.</summary>
    /// <inheritdoc cref="CumMax"/>
    public Tensor CumArgMax(int axis, bool reverse = false) => Running("CumArgMax", axis, true, reverse).Indices();

    /// <summary>Where the smallest so far along an axis lies (int64): the first of equals met.</summary>
    /// <inheritdoc cref="CumMax"/>
    public Tensor CumArgMin(int axis, bool reverse = false) => Running("CumArgMin", axis, false, reverse).Indices();

    private (Tensor Values, Func<Tensor> Indices) Running(string operation, int axis, bool largest, bool reverse)
    {
        var x = Number();
        var extremum = new CumulativeExtremum(Shape.Axis(axis, operation), largest, reverse);
        var values = Apply(extremum, x);
        return (values.To(DType), () => extremum.Index(x, values));
    }

    // One place along, the neutral element first.
    private Tensor Shifted(int axis, bool reverse, int neutral)
    {
        var n = Shape[axis];
        if (n == 0) return this;
        var first = Full(Shape.With(axis, 1), neutral, DType, Device);
        return reverse ? Concatenate(axis, Narrow(axis, 1, n - 1), first) : Concatenate(axis, first, Narrow(axis, 0, n - 1));
    }
}
