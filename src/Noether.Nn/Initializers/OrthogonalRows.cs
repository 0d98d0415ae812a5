namespace Noether.Nn;

/// <summary>Random orthonormal matrices: normal numbers, made orthogonal by the modified Gram-Schmidt process in float64.</summary>
internal static class OrthogonalRows
{
    /// <summary>A float64 tensor whose matrix [axis 0, the others] has orthonormal rows, or columns if those are fewer.</summary>
    public static Tensor Draw(RandomKey key, Shape shape)
    {
        if (shape.Rank < 2) throw new ShapeException($"Orthogonal: needs a weight [outputs, inputs, …], not {shape}");
        int rows = shape[0], columns = checked((int)shape[1..].Size);
        var tall = rows > columns;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        var values = key.Normal([count, length], type: DType.Float64).ToArray<double>();
        for (var i = 0; i < count; i++)
        {
            var row = values.AsSpan(i * length, length);

            // Twice is enough (Kahan): the second pass removes what rounding left of the earlier rows.
            for (var pass = 0; pass < 2; pass++)
            {
                for (var j = 0; j < i; j++) Subtract(row, values.AsSpan(j * length, length));
            }

            var norm = Math.Sqrt(Dot(row, row));
            for (var k = 0; k < length; k++) row[k] /= norm;
        }

        var matrix = Tensor.From(values, [count, length], key.Words.Device);
        return (tall ? matrix.Transpose() : matrix).Reshape(shape);
    }

    private static void Subtract(Span<double> row, ReadOnlySpan<double> unit)
    {
        var part = Dot(row, unit);
        for (var k = 0; k < row.Length; k++) row[k] -= part * unit[k];
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (var k = 0; k < x.Length; k++) sum += x[k] * y[k];
        return sum;
    }
}
