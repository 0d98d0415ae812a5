using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Running products along an axis: <c>y[i] = x[0]·…·x[i]</c>, or from the other end.</summary>
/// <remarks>The definition only multiplies, so derivatives of every order are exact where elements are zero.</remarks>
/// <param name="Axis">The axis multiplied along.</param>
/// <param name="Reverse">From the last element to the first.</param>
public sealed record CumulativeProduct(int Axis, bool Reverse) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new CumulativeProduct(0, false), Sampling.Values([5])),
        new(new CumulativeProduct(1, true), Sampling.Values([2, 3, 2])),
        new(new CumulativeProduct(0, false), Tensor.From([2.0, 0, 3, 0, 0.5], device: Device.Host)),
        new(new CumulativeProduct(1, false), Sampling.Values([2, 0])),
    ];

    internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, Rules.Number(Name, [x[0].DType]))];

    internal override Tensor[] Define(Tensor[] x) => [Scans.Doubled(x[0], Axis, Reverse, static (a, b) => a * b)];

    internal override void Evaluate(Device device, View[] x, View[] y) => Scans.Evaluate(device, Reduction.Product, Reverse, x[0], y[0], Axis);
}
