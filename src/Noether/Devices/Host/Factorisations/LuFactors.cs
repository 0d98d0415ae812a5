using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>A[p] = L U with partial pivoting, row-major, L without its unit diagonal and U in one matrix.</summary>
/// <remarks>
/// Right-looking in panels of <see cref="Block"/> columns: elimination within the panel, then the rows of U beside it by substitution and one product
/// for what remains. About 2n³/3 multiply-adds over two, all but the share Block/n of them in <see cref="Gemm"/>.
/// </remarks>
internal static unsafe class LuFactors
{
    private const int Block = 32;

    /// <summary>Fills packed [n, n], order [n] and the order's sign. A column without a pivot leaves a zero on U's diagonal.</summary>
    public static void Run<T>(T* a, T* packed, long* order, T* sign, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        new ReadOnlySpan<T>(a, checked(n * n)).CopyTo(new(packed, n * n));
        for (var i = 0; i < n; i++) order[i] = i;
        *sign = T.One;
        using var scratch = Workspace.Rent<T>((long)n * Block);
        var negative = scratch.As<T>();
        for (var first = 0; first < n; first += Block)
        {
            var end = Math.Min(first + Block, n);
            Panel(packed, order, sign, n, first, end);
            int size = end - first, rest = n - end;
            if (rest == 0) return;
            var beside = packed + (long)first * n + end;
            TriangularSystem.Solve(packed + (long)first * n + first, n, size, beside, n, rest, lower: true, transposed: false, unit: true);
            for (var i = 0; i < rest; i++)
                for (var j = 0; j < size; j++)
                    negative[(long)i * size + j] = -packed[(long)(end + i) * n + first + j];
            Gemm.Multiply(negative, size, 1, beside, n, 1, packed + (long)end * n + end, n, rest, rest, size, accumulate: true);
        }
    }

    private static void Panel<T>(T* packed, long* order, T* sign, int n, int first, int end)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var j = first; j < end; j++)
        {
            var best = j;
            for (var i = j + 1; i < n; i++)
                if (T.Abs(packed[(long)i * n + j]) > T.Abs(packed[(long)best * n + j]))
                    best = i;
            if (best != j)
            {
                Exchange(packed + (long)j * n, packed + (long)best * n, n);
                (order[j], order[best]) = (order[best], order[j]);
                *sign = -*sign;
            }

            var pivot = packed[(long)j * n + j];
            if (pivot == T.Zero) continue;
            var tail = new ReadOnlySpan<T>(packed + (long)j * n + j + 1, end - j - 1);
            for (var i = j + 1; i < n; i++)
            {
                var row = packed + (long)i * n;
                row[j] /= pivot;
                Vectors.Subtract(new(row + j + 1, end - j - 1), row[j], tail);
            }
        }
    }

    private static void Exchange<T>(T* x, T* y, int n)
        where T : unmanaged
    {
        for (var i = 0; i < n; i++) (x[i], y[i]) = (y[i], x[i]);
    }
}
