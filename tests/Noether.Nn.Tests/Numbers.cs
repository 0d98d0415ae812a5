namespace Noether.Nn.Tests;

/// <summary>Fixed irregular values and finite differences.</summary>
internal static class Numbers
{
    /// <summary>float64 values in (low, high) by a Weyl sequence: no ties, no kinks by accident.</summary>
    public static Tensor Values(Shape shape, int seed = 0, double low = -1, double high = 1)
    {
        var values = new double[shape.Size];
        for (var i = 0; i < values.Length; i++)
        {
            var fraction = (i + 1 + 31 * seed) * 0.6180339887498949 + 0.137 * seed;
            values[i] = low + (high - low) * (fraction - Math.Floor(fraction));
        }

        return Tensor.From(values, shape);
    }

    /// <summary>Asserts that the gradient of a scalar function agrees with central differences at every element.</summary>
    public static void CheckGradient(Func<Parameters, Tensor> f, Parameters at)
    {
        // Step 1e-5: the quotient's error is h²·f‴/6 ≈ 1e-10 and ε·f/h ≈ 1e-11; 1e-6 leaves room for large derivatives.
        const double h = 1e-5, tolerance = 1e-6;
        var value = Transform.Compile<Parameters, Tensor>(f);
        var gradient = Transform.Grad<Parameters>(p => f(p))(at).ToVector().ToArray<double>();
        var x = at.ToVector().ToArray<double>();
        for (var i = 0; i < x.Length; i++)
        {
            double Moved(double by)
            {
                var moved = (double[])x.Clone();
                moved[i] += by;
                return value(at.FromVector(Tensor.From(moved))).Item();
            }

            var expected = (Moved(h) - Moved(-h)) / (2 * h);
            Assert.That(gradient[i], Is.EqualTo(expected).Within(tolerance * (1 + Math.Abs(expected))), $"element {i} of {x.Length}");
        }
    }
}
