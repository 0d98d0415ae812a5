using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// A product and its tangent, <c>A·B</c> and <c>A'·B + A·B'</c>, made together: each factor is read once for both. The planner makes it of what
/// forward derivatives ask for.
/// </summary>
/// <remarks>Operands: A and B as <see cref="MatMul"/> takes them, then A' and B' of the same types.</remarks>
public sealed record DualMatMul : FusedPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly DualMatMul Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Sampling.Values([2, 3]), Sampling.Values([3, 4], seed: 1), Sampling.Values([2, 3], seed: 2), Sampling.Values([3, 4], seed: 3)),
        new(Instance, Sampling.Values([2, 2, 3]), Sampling.Values([2, 3, 1], seed: 1), Sampling.Values([2, 2, 3], seed: 2), Sampling.Values([2, 3, 1], seed: 3)),
        new(Instance, Sampling.Values([2, 0]), Sampling.Values([0, 3], seed: 1), Sampling.Values([2, 0], seed: 2), Sampling.Values([0, 3], seed: 3)),
    ];

    internal override bool TakesStrides => true;

    internal override bool TakesEpilogue => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = MatMul.Instance.Infer(x[..2])[0];
        for (var i = 0; i < 2; i++)
        {
            if (!x[i + 2].Shape.Equals(x[i].Shape)) throw new ShapeException($"{Name}: a factor {x[i].Shape} has a tangent {x[i + 2].Shape}");
            if (x[i + 2].DType != x[i].DType) throw new DTypeException($"{Name}: a factor of {x[i].DType} has a tangent of {x[i + 2].DType}");
        }

        return [type, type];
    }

    internal override Tensor[] Define(Tensor[] x) =>
    [
        Tensor.Apply(MatMul.Instance, x[0], x[1]),
        Tensor.Apply(MatMul.Instance, x[2], x[1]) + Tensor.Apply(MatMul.Instance, x[0], x[3]),
    ];

    internal override void Evaluate(Device device, View[] x, View[] y) => device.DualMatMul(x[0], x[1], x[2], x[3], y[0], y[1]);

    internal override void Evaluate(Device device, View[] x, View[] y, Epilogue epilogue) => device.DualMatMul(x[0], x[1], x[2], x[3], y[0], y[1], epilogue);
}
