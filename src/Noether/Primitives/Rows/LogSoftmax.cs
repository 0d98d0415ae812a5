using Noether.Devices;

namespace Noether.Primitives;

/// <summary>x - log Σ eˣ along an axis.</summary>
/// <inheritdoc cref="RowPrimitive" path="/param"/>
public sealed record LogSoftmax(int Axis) : RowPrimitive(Axis), ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => RowSamples.Of(static axis => new LogSoftmax(axis));

    private protected override RowFunction Function => RowFunction.LogSoftmax;

    internal override Tensor[] Define(Tensor[] x)
    {
        var below = RowSamples.Below(x[0], Axis);
        return [below - below.Exp().Sum(Axis, keepAxis: true).Log()];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [dx[0] is { } d ? d - (y[0].Exp() * d).Sum(Axis, keepAxis: true) : null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        [cotangents[0] is { } c ? Tensor.Apply(new LogSoftmaxGradient(Axis), y[0], c) : null];

    private protected override RowPrimitive Along(int axis) => new LogSoftmax(axis);
}

/// <summary>The gradient of <see cref="LogSoftmax"/> with value y for a cotangent g: g - eʸ·Σ g.</summary>
/// <inheritdoc cref="RowPrimitive" path="/param"/>
public sealed record LogSoftmaxGradient(int Axis) : RowPrimitive(Axis), ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => RowSamples.Of(static axis => new LogSoftmaxGradient(axis), operands: 2, high: 0);

    private protected override RowFunction Function => RowFunction.LogSoftmaxGradient;

    internal override Tensor[] Define(Tensor[] x) => [x[1] - x[0].Exp() * x[1].Sum(Axis, keepAxis: true)];

    private protected override RowPrimitive Along(int axis) => new LogSoftmaxGradient(axis);
}
