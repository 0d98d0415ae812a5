using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>L of A = L Lᵀ, row-major, from A's lower triangle.</summary>
/// <remarks>
/// Right-looking in blocks of <see cref="Block"/> columns: the block's rows by dot products of their beginnings, then one product takes the block off
/// the triangle that remains, a strip of columns at a time. About n³/3 multiply-adds, all but the share Block/n of them in <see cref="Gemm"/>.
/// </remarks>
internal static unsafe class CholeskyFactor
{
    private const int Block = 32;

    // Columns of a strip of what remains: wide enough for Gemm, narrow enough to leave most of the upper triangle out.
    private const int Strip = 128;

    /// <summary>The first row whose pivot is not positive, or -1 if all went well.</summary>
    public static int Run<T>(T* a, T* l, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < n; i++)
        {
            new ReadOnlySpan<T>(a + (long)i * n, i + 1).CopyTo(new(l + (long)i * n, i + 1));
            new Span<T>(l + (long)i * n + i + 1, n - i - 1).Clear();
        }

        using var scratch = Workspace.Rent<T>((long)n * Block);
        var negative = scratch.As<T>();
        for (var first = 0; first < n; first += Block)
        {
            var end = Math.Min(first + Block, n);
            for (var i = first; i < n; i++)
            {
                var row = l + (long)i * n;
                for (var j = first; j < Math.Min(i, end); j++)
                {
                    var other = l + (long)j * n;
                    row[j] = (row[j] - Vectors.Dot<T>(new(row + first, j - first), new(other + first, j - first))) / other[j];
                }

                if (i >= end) continue;
                var pivot = row[i] - Vectors.Dot<T>(new(row + first, i - first), new(row + first, i - first));
                if (pivot <= T.Zero) return i; // NaN goes on and shows in the factor
                row[i] = T.Sqrt(pivot);
            }

            var size = end - first;
            for (var i = end; i < n; i++)
                for (var j = 0; j < size; j++)
                    negative[(long)(i - end) * size + j] = -l[(long)i * n + first + j];
            for (var strip = end; strip < n; strip += Strip)
            {
                // A[strip.., strip..strip + width] -= L[strip.., block] · L[strip..strip + width, block]ᵀ
                var width = Math.Min(Strip, n - strip);
                Gemm.Multiply(
                    negative + (long)(strip - end) * size, size, 1, l + (long)strip * n + first, 1, n, l + (long)strip * n + strip, n,
                    n - strip, width, size, accumulate: true);
            }
        }

        for (var i = 0; i < n; i++) new Span<T>(l + (long)i * n + i + 1, n - i - 1).Clear(); // strips reach above the diagonal
        return -1;
    }
}
