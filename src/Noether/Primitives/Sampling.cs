namespace Noether.Primitives;

/// <summary>Makes sample inputs: fixed, irregular values that hit no kink and repeat on every run.</summary>
internal static class Sampling
{
    /// <summary>Values in (low, high), by a Weyl sequence: spread evenly and free of ties.</summary>
    public static Tensor Values(Shape shape, double low = -2, double high = 2, int seed = 0)
    {
        const double golden = 0.6180339887498949;
        var values = new double[shape.Size];
        for (var i = 0; i < values.Length; i++)
        {
            var fraction = (i + 1 + 31 * seed) * golden + 0.137 * seed;
            values[i] = low + (high - low) * (fraction - Math.Floor(fraction));
        }

        return Tensor.From(values, shape, Device.Host);
    }

    /// <summary>Integers in [0, below), all of them met in long enough tensors.</summary>
    public static Tensor Indices(Shape shape, int below, int seed = 0)
    {
        var values = new long[shape.Size];
        for (var i = 0; i < values.Length; i++) values[i] = (i * 7 + seed * 3) % below;
        return Tensor.From(values, shape, Device.Host);
    }

    /// <summary>Scalar, vector, matrix and empty inputs with one interval an operand.</summary>
    public static IEnumerable<Sample> Elementwise(ElementwisePrimitive primitive, (double Low, double High)[] domains)
    {
        foreach (Shape shape in (Shape[])[[], [7], [2, 3], [0, 2]])
            yield return new(primitive, [.. domains.Select((d, i) => Values(shape, d.Low, d.High, i))]);
    }

    /// <summary>Small integers for both operands.</summary>
    public static IEnumerable<Sample> Integers(ElementwisePrimitive primitive)
    {
        foreach (Shape shape in (Shape[])[[], [7], [2, 3], [0, 2]])
            yield return new(primitive, Indices(shape, 13), Indices(shape, 5, 1));
    }
}
