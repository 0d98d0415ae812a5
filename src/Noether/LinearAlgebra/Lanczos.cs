namespace Noether;

/// <summary>The algebraically largest eigenpairs of a symmetric operator that is known only by its products with vectors.</summary>
/// <remarks>
/// Lanczos 1950, with every new vector orthogonalised twice against all before it (Parlett, "The symmetric eigenvalue problem", 1998, section
/// 13.8), so that no eigenvalue appears as its own ghost. Cost: one product a step, and O(steps·size) memory. The tridiagonal problem is solved
/// on the host in float64.
/// </remarks>
/// <example><code>
/// var top = Lanczos.Largest(v =&gt; Hvp(loss, weights, v), key.Normal([n]), count: 3);
/// </code></example>
public static class Lanczos
{
    // A new vector this much shorter than the products before it is rounding: the space is closed under the operator.
    private const double Negligible = 64;

    /// <summary>Finds eigenpairs, largest first.</summary>
    /// <param name="apply">The operator: a vector [size] to a vector [size]. It must be symmetric; only its values are used.</param>
    /// <param name="start">Where to begin [size], float32 or float64: any vector not orthogonal to what is sought, such as normal draws.</param>
    /// <param name="count">How many pairs.</param>
    /// <param name="steps">The most products to spend.</param>
    /// <param name="tolerance">Stops when every residual <c>‖A·v - λ·v‖</c> is below this part of the largest |λ| seen.</param>
    /// <exception cref="ShapeException">The start or a product is not such a vector, or count does not lie in [1, size].</exception>
    /// <exception cref="NumericsException">A product has a NaN or an infinity, or the start is zero.</exception>
    public static LanczosResult Largest(Func<Tensor, Tensor> apply, Tensor start, int count, int steps = 100, double tolerance = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentNullException.ThrowIfNull(start);
        if (start.Rank != 1 || !start.DType.IsFloating()) throw new ShapeException($"Lanczos: starts from a floating vector, not {start.DType.Name()}{start.Shape}");
        var size = start.Shape[0];
        if (count < 1 || count > size) throw new ShapeException($"Lanczos: {count} eigenpairs of an operator on {start.Shape}");
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, count);

        var epsilon = start.DType == DType.Float64 ? double.BitIncrement(1) - 1 : MathF.BitIncrement(1) - 1;
        var next = Normalized(start, Norm(start));
        var basis = next.Unsqueeze(0);
        List<double> diagonal = [], beside = [];
        while (true)
        {
            var product = Product(apply, next);
            var (rest, along) = Orthogonalized(product, basis);
            diagonal.Add(along);
            var length = Norm(rest);
            var (values, vectors, largest) = Solve(diagonal, beside);
            var found = Math.Min(count, diagonal.Count);
            var residuals = new double[found];
            for (var i = 0; i < found; i++) residuals[i] = length * Math.Abs(vectors[diagonal.Count * diagonal.Count - 1 - i]);

            var closed = length <= Negligible * epsilon * largest || largest == 0;
            if ((found == count && !closed && residuals.All(r => r <= tolerance * largest)) || diagonal.Count >= Math.Min(steps, size))
                return Result(values, vectors, residuals, basis, found);

            if (closed)
            {
                // Repeated eigenvalues lie outside of the space of one start: go on in its complement.
                rest = Orthogonalized(RandomKey.From(diagonal.Count, start.Device).Normal(start.Shape, type: start.DType), basis).Remainder;
                beside.Add(0);
                length = Norm(rest);
            }
            else
            {
                beside.Add(length);
            }

            next = Normalized(rest, length);
            basis = Tensor.Concatenate(0, basis, next.Unsqueeze(0)).Evaluate();
        }
    }

    private static Tensor Product(Func<Tensor, Tensor> apply, Tensor vector)
    {
        var product = apply(vector);
        return product.Shape.Equals(vector.Shape)
            ? product.To(vector.DType).Evaluate()
            : throw new ShapeException($"Lanczos: the operator makes {product.Shape} of {vector.Shape}");
    }

    // Classical Gram-Schmidt, twice: two matrix-vector products each time, and orthogonal to rounding.
    private static (Tensor Remainder, double Along) Orthogonalized(Tensor x, Tensor basis)
    {
        var first = basis.MatMul(x);
        var rest = x - first.MatMul(basis);
        var second = basis.MatMul(rest);
        rest -= second.MatMul(basis);
        var along = (first + second).Narrow(0, basis.Shape[0] - 1, 1).Squeeze(0);
        Tensor.Evaluate(rest, along);
        return (rest, along.Item());
    }

    private static double Norm(Tensor x)
    {
        var norm = x.To(DType.Float64).Square().Sum().Sqrt().Item();
        return double.IsFinite(norm) ? norm : throw new NumericsException("Lanczos: the operator's product is not finite");
    }

    private static Tensor Normalized(Tensor x, double length) =>
        length > 0 ? (x / length).Evaluate() : throw new NumericsException("Lanczos: starts from zero");

    // Values ascending; vectors [n, n] in columns.
    private static (double[] Values, double[] Vectors, double Largest) Solve(List<double> diagonal, List<double> beside)
    {
        var n = diagonal.Count;
        var tridiagonal = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            tridiagonal[i * n + i] = diagonal[i];
            if (i > 0) tridiagonal[i * n + i - 1] = tridiagonal[(i - 1) * n + i] = beside[i - 1];
        }

        var (values, vectors) = LinearAlgebra.SymmetricEigen(Tensor.From(tridiagonal, [n, n], Device.Host));
        Tensor.Evaluate(values, vectors);
        var found = values.ToArray<double>();
        return (found, vectors.ToArray<double>(), Math.Max(Math.Abs(found[0]), Math.Abs(found[^1])));
    }

    private static LanczosResult Result(double[] values, double[] vectors, double[] residuals, Tensor basis, int count)
    {
        var steps = values.Length;
        var weights = new double[count * steps];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < steps; j++) weights[i * steps + j] = vectors[j * steps + steps - 1 - i];
        }

        var pairs = Tensor.From(weights, [count, steps], basis.Device).To(basis.DType).MatMul(basis);
        return new([.. values.Reverse().Take(count)], pairs.Evaluate(), residuals, steps);
    }
}
