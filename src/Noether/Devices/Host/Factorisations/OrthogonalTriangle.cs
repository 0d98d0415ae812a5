namespace Noether.Devices.Host;

/// <summary>A = Q R of a tall matrix by Householder reflections in panels of columns.</summary>
/// <remarks>
/// The matrix is held by columns, so that a column is contiguous: a panel of <see cref="Reflectors.Block"/> columns is reduced by dot products and
/// subtractions of columns, then its reflections are applied to the columns after it as two products. About 4mn² - 4n³/3 operations with Q, all but
/// the share Block/n of them in <see cref="Gemm"/>.
/// </remarks>
internal static unsafe class OrthogonalTriangle
{
    /// <summary>Columns [n, m] are destroyed; Q's columns [n, m] and R [n, n], its diagonal not negative. m ≥ n ≥ 1.</summary>
    public static void Run(double* columns, int m, int n, double* orthogonal, double* triangle)
    {
        using var scratch = Workspace.Rent<double>(n + (long)Reflectors.Block * (m + 2L * n + Reflectors.Block));
        var tau = scratch.As<double>();
        var block = tau + n;
        for (var first = 0; first < n; first += Reflectors.Block)
        {
            int size = Math.Min(Reflectors.Block, n - first), rest = n - first - size;
            for (var k = first; k < first + size; k++)
            {
                var column = columns + (long)k * m + k;
                var beta = Reflectors.Make(column, m - k, out tau[k]);
                for (var j = k + 1; j < first + size; j++)
                {
                    var other = columns + (long)j * m + k;
                    var along = tau[k] * Vectors.Dot<double>(new(column, m - k), new(other, m - k));
                    Vectors.Subtract<double>(new(other, m - k), along, new(column, m - k));
                }

                triangle[(long)k * n + k] = beta; // the column itself keeps the reflection
            }

            if (rest == 0) break;

            // Columns after the panel, as rows: X ← X (I - V T Vᵀ), which is Hᵀ from the left.
            var width = m - first;
            var t = block + (long)Reflectors.Block * width;
            double* products = t + Reflectors.Block * Reflectors.Block, turned = products + (long)Reflectors.Block * rest;
            for (var r = 0; r < size; r++)
            {
                new Span<double>(block + (long)r * width, r).Clear();
                new ReadOnlySpan<double>(columns + (long)(first + r) * m + first + r, width - r).CopyTo(new(block + (long)r * width + r, width - r));
            }

            Reflectors.Triangle(block, size, width, tau + first, t);
            for (var i = 0; i < size * size; i++) t[i] = -t[i];
            var after = columns + (long)(first + size) * m + first;
            Gemm.Multiply(after, m, 1, block, 1, width, products, size, rest, size, width, accumulate: false);
            Gemm.Multiply(products, size, 1, t, size, 1, turned, size, rest, size, size, accumulate: false);
            Gemm.Multiply(turned, size, 1, block, width, 1, after, m, rest, width, size, accumulate: true);
        }

        // Row i of R lies in the columns after i, at i.
        for (var i = 0; i < n; i++)
        {
            new Span<double>(triangle + (long)i * n, i).Clear();
            for (var j = i + 1; j < n; j++) triangle[(long)i * n + j] = columns[(long)j * m + i];
        }

        Reflectors.Accumulate(columns, m, tau, n, 0, m, orthogonal, m, n);
        for (var i = 0; i < n; i++)
        {
            if (triangle[(long)i * n + i] >= 0) continue;
            for (var j = i; j < n; j++) triangle[(long)i * n + j] = -triangle[(long)i * n + j];
            for (var j = 0; j < m; j++) orthogonal[(long)i * m + j] = -orthogonal[(long)i * m + j];
        }
    }
}
