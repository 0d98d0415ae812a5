using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// <c>[batch…, m, k]·[batch…, k, n] → [batch…, m, n]</c>. Leading axes are equal; transposes and repeats are layouts and cost nothing.
/// </summary>
public sealed record MatMul : BilinearPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly MatMul Instance = new();

    // Fewer columns do not fill the registers of a product.
    private const int NarrowColumns = 16;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Sampling.Values([2, 3]), Sampling.Values([3, 4], seed: 1)),
        new(Instance, Sampling.Values([2, 2, 3]), Sampling.Values([2, 3, 1], seed: 1)),
        new(Instance, Sampling.Values([2, 0]), Sampling.Values([0, 3], seed: 1)),
        new(Instance, Sampling.Values([0, 2]), Sampling.Values([2, 3], seed: 1)),
    ];

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        Shape a = x[0].Shape, b = x[1].Shape;
        var type = Rules.Number(Name, [x[0].DType, x[1].DType]);
        if (a.Rank < 2 || b.Rank != a.Rank || !a[..^2].Equals(b[..^2]))
            throw new ShapeException($"MatMul: leading axes differ: {a} x {b}");
        if (a[^1] != b[^2]) throw new ShapeException($"MatMul: inner sizes differ: {a} x {b} ({a[^1]} != {b[^2]})");
        return [new(a.With(-1, b[^1]), type)];
    }

    internal override Tensor TransposeFirst(Tensor cotangent, Tensor x, Tensor y) => Tensor.Apply(this, cotangent, y.SwapAxes(-2, -1));

    internal override Tensor TransposeSecond(Tensor cotangent, Tensor x, Tensor y) => Tensor.Apply(this, x.SwapAxes(-2, -1), cotangent);

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Batch(this, x, batched, size);

    /// <summary>Batches of any product that takes operands as this one does.</summary>
    internal static Tensor[] Batch(Primitive product, Tensor[] x, bool[] batched, int size)
    {
        // A batch of left matrices against one right matrix is one tall product. On the other side the columns must be brought together for it,
        // which pays where there are few in an example: a copy beside narrow products.
        if (!batched[1] && x[1].Rank == 2)
            return [Tensor.Apply(product, x[0].Reshape([size * x[0].Shape[1], x[0].Shape[2]]), x[1]).Reshape([size, x[0].Shape[1], x[1].Shape[1]])];
        if (!batched[0] && x[0].Rank == 2 && x[1].Shape[2] < NarrowColumns)
        {
            var wide = x[1].Permute(1, 0, 2).Reshape([x[1].Shape[1], size * x[1].Shape[2]]);
            return [Tensor.Apply(product, x[0], wide).Reshape([x[0].Shape[0], size, x[1].Shape[2]]).Permute(1, 0, 2)];
        }

        return [Tensor.Apply(product, WithBatch(x[0], batched[0], size), WithBatch(x[1], batched[1], size))];
    }

    internal override bool TakesEpilogue => true;

    internal override void Evaluate(Device device, View[] x, View[] y) => device.MatMul(x[0], x[1], y[0]);

    internal override void Evaluate(Device device, View[] x, View[] y, Epilogue epilogue) => device.MatMul(x[0], x[1], y[0], epilogue);
}
