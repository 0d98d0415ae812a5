using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Solves T X = B in place for a triangle T of a row-major matrix.</summary>
/// <remarks>
/// Blocks of <see cref="Block"/> rows: within a block by substitution, row by row of X; then the block's part is taken off the rows still to come by
/// a matrix product. So all but the share Block/n of the n²k multiply-adds run in <see cref="Gemm"/>.
/// </remarks>
internal static unsafe class TriangularSystem
{
    private const int Block = 32;

    /// <summary>The first row with a zero on the diagonal, or -1 if all went well. X is [n, k] with rows <paramref name="xRow"/> apart, T's <paramref name="aRow"/>.</summary>
    public static int Solve<T>(T* a, long aRow, int n, T* x, long xRow, int k, bool lower, bool transposed, bool unit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (down, right) = transposed ? (1L, aRow) : (aRow, 1L); // from T[i, j] to T[i + 1, j], and to T[i, j + 1]
        if (!unit)
        {
            for (var i = 0; i < n; i++)
                if (a[i * aRow + i] == T.Zero)
                    return i;
        }

        var forward = lower != transposed;
        using var scratch = Workspace.Rent<T>((long)n * Block);
        var negative = scratch.As<T>();
        for (var done = 0; done < n; done += Block)
        {
            var size = Math.Min(Block, n - done);
            var first = forward ? done : n - done - size;
            for (var step = 0; step < size; step++)
            {
                var i = forward ? first + step : first + size - 1 - step;
                var target = new Span<T>(x + i * xRow, k);
                for (var p = forward ? first : i + 1; p < (forward ? i : first + size); p++)
                    Vectors.Subtract(target, a[i * down + p * right], new(x + p * xRow, k));
                if (!unit) Vectors.Divide(target, a[i * down + i * right]);
            }

            // Rows still to come: below going forward, above going backward.
            var (from, rows) = forward ? (first + size, n - first - size) : (0, first);
            if (rows == 0 || k == 0) continue;
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < size; j++)
                    negative[i * size + j] = -a[(from + i) * down + (first + j) * right];
            Gemm.Multiply(negative, size, 1, x + first * xRow, xRow, 1, x + from * xRow, xRow, rows, k, size, accumulate: true);
        }

        return -1;
    }
}
