using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// A sum of products of equal shape, <c>A·B + C·D + …</c>, accumulated in one result without the products in between. The planner makes it of what
/// derivatives of products are: the tangent of <c>A·B</c> is <c>dA·B + A·dB</c>.
/// </summary>
/// <remarks>Operands: the factors, two by two, each as <see cref="MatMul"/> takes them.</remarks>
public sealed record MatMulSum : FusedPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly MatMulSum Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Sampling.Values([2, 3]), Sampling.Values([3, 4], seed: 1), Sampling.Values([2, 1], seed: 2), Sampling.Values([1, 4], seed: 3)),
        new(Instance, Sampling.Values([2, 2, 3]), Sampling.Values([2, 3, 1], seed: 1), Sampling.Values([2, 2, 3], seed: 2), Sampling.Values([2, 3, 1], seed: 3)),
        new(Instance, Sampling.Values([2, 0]), Sampling.Values([0, 3], seed: 1), Sampling.Values([2, 2], seed: 2), Sampling.Values([2, 3], seed: 3)),
        new(Instance, [.. Enumerable.Range(0, 6).Select(i => Sampling.Values([2, 2], seed: i))]),
    ];

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var first = MatMul.Instance.Infer(x[..2])[0];
        for (var i = 2; i < x.Length; i += 2)
        {
            var next = MatMul.Instance.Infer(x[i..(i + 2)])[0];
            if (next != first) throw new ShapeException($"{Name}: products differ: {first} and {next}");
        }

        return [first];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        var sum = Tensor.Apply(MatMul.Instance, x[0], x[1]);
        for (var i = 2; i < x.Length; i += 2) sum += Tensor.Apply(MatMul.Instance, x[i], x[i + 1]);
        return [sum];
    }

    internal override void Evaluate(Device device, View[] x, View[] y)
    {
        device.MatMul(x[0], x[1], y[0]);
        for (var i = 2; i < x.Length; i += 2) device.AddMatMul(x[i], x[i + 1], y[0]);
    }
}
