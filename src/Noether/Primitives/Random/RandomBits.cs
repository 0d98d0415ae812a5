using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// 32 random bits an element (int32), by Philox 4x32-10 from keys of two words: <c>[batch…, 2] → [batch…, Shape…]</c>. Counter-based: element i
/// depends on the key and i alone, so equal on every device and for any number of threads.
/// </summary>
/// <param name="Shape">The shape drawn for each key.</param>
public sealed record RandomBits(Shape Shape) : Primitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new RandomBits([5]), Tensor.From([1, 2], device: Device.Host)),
        new(new RandomBits([2, 3]), Tensor.From([1, 2, 3, 4], [2, 2], Device.Host)),
        new(new RandomBits([]), Tensor.From([7, 0], device: Device.Host)),
        new(new RandomBits([0, 3]), Tensor.From([7, 0], device: Device.Host)),
    ];

    internal override TensorType[] Infer(Tensor[] x) =>
        x[0].DType == DType.Int32 && x[0].Rank > 0 && x[0].Shape[^1] == 2
            ? [new([.. x[0].Shape.AsSpan()[..^1], .. Shape], DType.Int32)]
            : throw new DTypeException($"RandomBits: a key is int32[2], not {x[0].DType.Name()}{x[0].Shape}");

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => [null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(this, x)];

    internal override void Evaluate(Device device, View[] x, View[] y) => device.RandomBits(x[0], y[0], Shape.Size);
}
