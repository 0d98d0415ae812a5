using Noether.Devices;

namespace Noether.Primitives;

/// <summary>eˣ / Σ eˣ along an axis, safe from overflow; NaN where all are -∞ or one is +∞.</summary>
/// <inheritdoc cref="RowPrimitive" path="/param"/>
public sealed record Softmax(int Axis) : RowPrimitive(Axis), ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => RowSamples.Of(static axis => new Softmax(axis));

    private protected override RowFunction Function => RowFunction.Softmax;

    internal override Tensor[] Define(Tensor[] x)
    {
        var powers = RowSamples.Below(x[0], Axis).Exp();
        return [powers / powers.Sum(Axis, keepAxis: true)];
    }

    // The Jacobian diag(y) - y·yᵀ is symmetric.
    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [dx[0] is { } d ? Tensor.Apply(new SoftmaxGradient(Axis), y[0], d) : null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => Jvp(x, y, cotangents);

    private protected override RowPrimitive Along(int axis) => new Softmax(axis);
}

/// <summary>The gradient of <see cref="Softmax"/> with value y for a cotangent g: y·(g - Σ g·y).</summary>
/// <inheritdoc cref="RowPrimitive" path="/param"/>
public sealed record SoftmaxGradient(int Axis) : RowPrimitive(Axis), ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => RowSamples.Of(static axis => new SoftmaxGradient(axis), operands: 2);

    private protected override RowFunction Function => RowFunction.SoftmaxGradient;

    internal override Tensor[] Define(Tensor[] x) => [x[0] * (x[1] - (x[0] * x[1]).Sum(Axis, keepAxis: true))];

    private protected override RowPrimitive Along(int axis) => new SoftmaxGradient(axis);
}
