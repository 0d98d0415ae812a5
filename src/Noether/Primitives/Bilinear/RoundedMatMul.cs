using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// <see cref="MatMul"/> of float32 factors that are read with fewer bits; its derivatives' products read theirs alike. Of other types it is the plain product.
/// </summary>
/// <remarks>
/// A primitive of its own so that a device with tensor cores need not round in a pass of its own, and apart from <see cref="MatMul"/>
/// so that no pass over graphs takes one for the other. Devices without the verb round first: the definition.
/// </remarks>
/// <param name="Precision">How factors are read.</param>
public sealed record RoundedMatMul(MatMulPrecision Precision) : BilinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new RoundedMatMul(MatMulPrecision.Tf32), Integers([2, 3], 0), Integers([3, 4], 1)),
        new(new RoundedMatMul(MatMulPrecision.BFloat16), Integers([2, 2, 3], 0), Integers([2, 3, 1], 1)),
    ];

    internal override bool TakesStrides => true;

    internal override bool TakesEpilogue => true;

    internal override TensorType[] Infer(Tensor[] x) => MatMul.Instance.Infer(x);

    internal override Tensor TransposeFirst(Tensor cotangent, Tensor x, Tensor y) => Tensor.Apply(this, cotangent, y.SwapAxes(-2, -1));

    internal override Tensor TransposeSecond(Tensor cotangent, Tensor x, Tensor y) => Tensor.Apply(this, x.SwapAxes(-2, -1), cotangent);

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => MatMul.Batch(this, x, batched, size);

    internal override Tensor[] Definition(Tensor[] x) => [Tensor.Apply(MatMul.Instance, Rounded(x[0]), Rounded(x[1]))];

    internal override void Evaluate(Device device, View[] x, View[] y) => device.MatMul(x[0], x[1], y[0], Precision);

    internal override void Evaluate(Device device, View[] x, View[] y, Epilogue epilogue) => device.MatMul(x[0], x[1], y[0], Precision, epilogue);

    // Read alike in every type and precision.
    private static Tensor Integers(Shape shape, int seed) => Sampling.Values(shape, -4, 4, seed).Round();

    // Veltkamp's splitting: c = (2¹³ + 1)x, and c - (c - x) is x to 24 - 13 bits, to nearest. Very large x would overflow.
    private Tensor Rounded(Tensor x)
    {
        if (x.DType != DType.Float32) return x;
        if (Precision == MatMulPrecision.BFloat16) return x.To(DType.BFloat16).To(DType.Float32);
        const double splitter = (1 << 13) + 1, largest = 1e30;
        var product = x * splitter;
        return Tensor.Select(x.Abs() < largest, product - (product - x), x);
    }
}
