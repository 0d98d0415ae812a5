using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The positions (int64) that sort an axis; equal elements keep their order, NaN is the greatest.</summary>
    /// <param name="axis">The axis sorted.</param>
    /// <param name="descending">The largest first.</param>
    public Tensor ArgSort(int axis = -1, bool descending = false) => Apply(new ArgSort(Shape.Axis(axis, "ArgSort"), descending), this);
}
