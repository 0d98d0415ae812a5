using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The product over neighbouring axes, which disappear; of nothing: 1.</summary>
/// <remarks>The definition multiplies halves together, so derivatives of every order are products too: exact where elements are zero.</remarks>
/// <param name="Axis">The first axis multiplied.</param>
/// <param name="Count">How many.</param>
public sealed record Product(int Axis, int Count) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new Product(0, 1), Sampling.Values([5])),
        new(new Product(1, 1), Sampling.Values([2, 3, 4])),
        new(new Product(0, 2), Sampling.Values([2, 3, 2])),
        new(new Product(1, 1), Sampling.Values([2, 0])),
        new(new Product(0, 1), Tensor.From([2.0, 0, 3, 0.5], device: Device.Host)),
        new(new Product(0, 1), Tensor.From([2.0, 0, 3, 0], device: Device.Host)),
    ];

    internal override TensorType[] Infer(Tensor[] x) =>
        [new(Reductions.Remaining(x[0].Shape, Axis, Count), Rules.Number(Name, [x[0].DType]))];

    internal override Tensor[] Define(Tensor[] x)
    {
        var y = x[0].MergeAxes(Axis, Count);
        if (y.Shape[Axis] == 0) return [Tensor.Full(y.Shape.Without(Axis), 1, y.DType, y.Device)];
        while (y.Shape[Axis] > 1)
        {
            int n = y.Shape[Axis], half = n / 2;
            var halves = y.Narrow(Axis, 0, half) * y.Narrow(Axis, half, half);
            y = n % 2 == 0 ? halves : Tensor.Concatenate(Axis, halves, y.Narrow(Axis, n - 1, 1));
        }

        return [y.Squeeze(Axis)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) =>
        Reductions.Evaluate(device, Reduction.Product, x[0], y[0], Axis, Count);
}
