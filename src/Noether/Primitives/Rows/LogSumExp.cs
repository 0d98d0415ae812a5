using Noether.Devices;

namespace Noether.Primitives;

/// <summary>log Σ eˣ over neighbouring axes, which disappear; -∞ of nothing or of -∞ alone, +∞ if an element is. There its derivatives are zero.</summary>
/// <param name="Axis">The first axis.</param>
/// <param name="Count">How many.</param>
public sealed record LogSumExp(int Axis, int Count) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        .. RowSamples.Of(static axis => new LogSumExp(axis, 1)),
        new(new LogSumExp(0, 2), Sampling.Values([2, 3, 4])),
        new(new LogSumExp(1, 2), Sampling.Values([2, 3, 4])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(Reductions.Remaining(x[0].Shape, Axis, Count), Rules.Floating(Name, [x[0].DType]))];

    internal override Tensor[] Define(Tensor[] x)
    {
        var axes = Enumerable.Range(Axis, Count).ToArray();
        if (x[0].Size == 0) return [x[0].Exp().Sum(axes).Log()];

        // The value does not depend on the shift, so dropping its derivative is exact at every order.
        var top = x[0].Max(axes, keepAxes: true).StopGradient();
        var infinite = top.Equal(double.PositiveInfinity);
        var shift = Tensor.Select(top.IsFinite(), top, 0);
        var sum = (Tensor.Select(infinite, 0, x[0]) - shift).Exp().Sum(axes, keepAxes: true);
        var none = sum.Equal(0);
        var y = Tensor.Select(none, double.NegativeInfinity, Tensor.Select(none, 1, sum).Log() + shift);
        return [Tensor.Select(infinite, double.PositiveInfinity, y).Reshape(Reductions.Remaining(x[0].Shape, Axis, Count))];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) =>
        [dx[0] is { } d ? (Weights(x[0], y[0]) * d).Sum([.. Enumerable.Range(Axis, Count)]) : null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        [cotangents[0] is { } c ? Weights(x[0], y[0]) * Kept(c, x[0]) : null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(new LogSumExp(Axis + 1, Count), x[0])];

    internal override void Evaluate(Device device, View[] x, View[] y) => Reductions.MapRows(device, RowFunction.LogSumExp, x[0], null, y[0], Axis, Count);

    // The softmax, as it follows from the value; nothing where that is infinite.
    private Tensor Weights(Tensor x, Tensor y)
    {
        var kept = Kept(y, x);
        var infinite = kept.Abs().Equal(double.PositiveInfinity);
        return Tensor.Select(infinite, 0, (x - Tensor.Select(infinite, 0, kept)).Exp());
    }

    private Tensor Kept(Tensor y, Tensor x) => y.Reshape([.. x.Shape.AsSpan()[..Axis], .. Enumerable.Repeat(1, Count), .. x.Shape.AsSpan()[(Axis + Count)..]]);
}
