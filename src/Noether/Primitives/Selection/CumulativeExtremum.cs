using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The largest or smallest element so far along an axis; NaN from the first one on. The first of equals met has the derivative.</summary>
/// <param name="Axis">The axis searched along.</param>
/// <param name="Largest">The maximum, else the minimum.</param>
/// <param name="Reverse">From the last element to the first.</param>
public sealed record CumulativeExtremum(int Axis, bool Largest, bool Reverse) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new CumulativeExtremum(0, true, false), Sampling.Values([6])),
        new(new CumulativeExtremum(1, false, true), Sampling.Values([2, 4, 2])),
        new(new CumulativeExtremum(1, true, true), Sampling.Values([2, 0])),
    ];

    /// <summary>CumMax or CumMin.</summary>
    public override string Name => Largest ? "CumMax" : "CumMin";

    internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, Rules.Number(Name, [x[0].DType]))];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [dx[0]?.TakeAlong(Index(x[0], y[0]), Axis)];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        [cotangents[0]!.PutAlong(Index(x[0], y[0]), Axis, x[0].Shape[Axis])];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(this with { Axis = Axis + 1 }, x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) =>
        Scans.Evaluate(device, Largest ? Reduction.Max : Reduction.Min, Reverse, x[0], y[0], Axis);

    internal override Tensor[]? Definition(Tensor[] x) =>
        [Scans.Doubled(x[0], Axis, Reverse, Largest ? static (a, b) => a.Maximum(b) : static (a, b) => a.Minimum(b))];

    /// <summary>Where the extreme so far lies (int64), of elements and their running extreme.</summary>
    /// <remarks>An element is a new extreme if it passes the one before it; the last place of a new extreme is a running maximum of places.</remarks>
    internal Tensor Index(Tensor x, Tensor y)
    {
        var n = x.Shape[Axis];
        if (n == 0) return Tensor.Zeros(x.Shape, DType.Int64, x.Device);
        if (Reverse)
        {
            var flip = new Flip([Axis]);
            var mirrored = (this with { Reverse = false }).Index(Tensor.Apply(flip, x), Tensor.Apply(flip, y));
            return n - 1 - Tensor.Apply(flip, mirrored);
        }

        Tensor before = y.Narrow(Axis, 0, n - 1), next = x.Narrow(Axis, 1, n - 1);
        var passes = (Largest ? next > before : next < before) | (next.IsNaN() & before.IsNaN().Not());
        var place = Tensor.Arange(n - 1, DType.Int64, x.Device).Reshape([n - 1, .. Enumerable.Repeat(1, x.Rank - Axis - 1)]) + 1;
        var places = Tensor.Concatenate(Axis, Tensor.Zeros(x.Shape.With(Axis, 1), DType.Int64, x.Device), Tensor.Select(passes, place, 0));
        return Tensor.Apply(new CumulativeExtremum(Axis, true, false), places);
    }
}
