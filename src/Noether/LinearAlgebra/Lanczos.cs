namespace Noether;

/// <summary>Extremal eigenpairs and quadratures of a symmetric operator that is known only by its products with vectors.</summary>
/// <remarks>
/// Lanczos 1950, with every new vector orthogonalised twice against all before it (Parlett, "The symmetric eigenvalue problem", 1998, section
/// 13.8), so that no eigenvalue appears as its own ghost. Cost: one product a step, and O(steps·size) memory. Coefficients and the projected
/// problem are float64, and that problem is solved on the host.
/// </remarks>
/// <example><code>
/// var top = Lanczos.Largest(v =&gt; Hvp(loss, weights, v), key.Normal([n]), count: 3);
/// </code></example>
public static class Lanczos
{
    // Kept beside what is wanted at a restart: a quarter of the other Ritz vectors, which the next round would have to find again.
    private const int SpareShare = 4;

    /// <summary>Finds the algebraically largest eigenpairs, largest first, without a restart.</summary>
    /// <param name="apply">The operator: a vector [size] to a vector [size]. It must be symmetric; only its values are used.</param>
    /// <param name="start">Where to begin [size], float32 or float64: any vector not orthogonal to what is sought, such as normal draws.</param>
    /// <param name="count">How many pairs.</param>
    /// <param name="steps">The most products to spend.</param>
    /// <param name="tolerance">Stops when every residual <c>‖A·v - λ·v‖</c> is below this part of the largest |λ| seen.</param>
    /// <exception cref="ShapeException">The start or a product is not such a vector, or count does not lie in [1, size].</exception>
    /// <exception cref="NumericsException">A product has a NaN or an infinity, or the start is zero.</exception>
    public static LanczosResult Largest(Func<Tensor, Tensor> apply, Tensor start, int count, int steps = 100, double tolerance = 1e-6)
    {
        CheckStart(apply, start);
        if (count < 1) throw new ShapeException($"Lanczos: {count} eigenpairs of an operator on {start.Shape}");
        return Extremal(apply, start, count, 0, tolerance, steps, steps);
    }

    /// <summary>Finds eigenpairs at both ends of the spectrum, descending: the largest, then the smallest.</summary>
    /// <param name="apply">The operator: a vector [size] to a vector [size]. It must be symmetric; only its values are used.</param>
    /// <param name="start">Where to begin [size], float32 or float64.</param>
    /// <param name="largest">How many of the algebraically largest.</param>
    /// <param name="smallest">How many of the algebraically smallest.</param>
    /// <param name="tolerance">Stops when every residual <c>‖A·v - λ·v‖</c> is below this part of the largest |λ| seen.</param>
    /// <param name="maxProducts">The most products to spend.</param>
    /// <param name="basis">The most vectors to keep; default: 20 more than twice the pairs. When so many are there the method restarts from the
    /// best Ritz vectors (thick restart: Wu and Simon 2000, equivalent to ARPACK's implicit one).</param>
    /// <exception cref="ShapeException">The start or a product is not such a vector, or there are not so many pairs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Products or basis are too few for the pairs.</exception>
    /// <exception cref="NumericsException">A product has a NaN or an infinity, or the start is zero.</exception>
    public static LanczosResult Extremal(
        Func<Tensor, Tensor> apply, Tensor start, int largest, int smallest, double tolerance = 1e-6, int maxProducts = 1000, int? basis = null)
    {
        CheckStart(apply, start);
        var (size, count) = (start.Shape[0], largest + smallest);
        if (largest < 0 || smallest < 0 || count < 1 || count > size) throw new ShapeException($"Lanczos: {count} eigenpairs of an operator on {start.Shape}");
        ArgumentOutOfRangeException.ThrowIfLessThan(maxProducts, count);
        var room = Math.Min(basis ?? 2 * count + 20, size);
        if (room < Math.Min(count + 2, size)) ArgumentOutOfRangeException.ThrowIfLessThan(room, Math.Min(maxProducts, count + 2), nameof(basis));

        var space = new KrylovSpace(apply, start);
        for (var products = 1; ; products++)
        {
            space.Multiply();
            if (space.Count < count)
            {
                space.Extend();
                continue;
            }

            var ritz = space.Ritz();
            var wanted = Ends(space.Count, largest, smallest);
            var worst = wanted.Max(i => Math.Abs(ritz.Residuals[i]));
            var top = Math.Max(Math.Abs(ritz.Values[0]), Math.Abs(ritz.Values[^1]));
            if ((!space.IsClosed && worst <= tolerance * top) || products >= maxProducts || space.Count == size)
                return new([.. wanted.Select(i => ritz.Values[i])], space.Combine(ritz, wanted), [.. wanted.Select(i => Math.Abs(ritz.Residuals[i]))], products);

            if (space.Count == room)
            {
                var spare = (room - count) / SpareShare;
                space.Restart(ritz, Ends(room, largest == 0 ? 0 : largest + spare / 2, smallest == 0 ? 0 : smallest + spare / 2));
            }

            space.Extend();
        }
    }

    /// <summary>The projection of the operator on the Krylov space of a start, for quadratures: no pair needs to have converged.</summary>
    /// <param name="apply">The operator: a vector [size] to a vector [size]. It must be symmetric; only its values are used.</param>
    /// <param name="start">Where to begin [size], float32 or float64; its length does not matter.</param>
    /// <param name="steps">Products; fewer where the space closes under the operator before.</param>
    /// <exception cref="ShapeException">The start or a product is not such a vector.</exception>
    /// <exception cref="NumericsException">A product has a NaN or an infinity, or the start is zero.</exception>
    public static LanczosProjection Project(Func<Tensor, Tensor> apply, Tensor start, int steps)
    {
        CheckStart(apply, start);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var space = new KrylovSpace(apply, start);
        space.Multiply();
        while (space.Count < Math.Min(steps, start.Shape[0]) && !space.IsClosed)
        {
            space.Extend();
            space.Multiply();
        }

        return space.Projection();
    }

    // Positions in ascending order of the largest, descending, and the smallest, descending, as far as there are so many.
    private static int[] Ends(int count, int largest, int smallest)
    {
        largest = Math.Min(largest, count);
        smallest = Math.Min(smallest, count - largest);
        return [.. Enumerable.Range(1, largest).Select(i => count - i), .. Enumerable.Range(0, smallest).Reverse()];
    }

    private static void CheckStart(Func<Tensor, Tensor> apply, Tensor start)
    {
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentNullException.ThrowIfNull(start);
        if (start.Rank != 1 || !start.DType.IsFloating()) throw new ShapeException($"Lanczos: starts from a floating vector, not {start.DType.Name()}{start.Shape}");
    }
}
