namespace Noether.Devices.Host;

/// <summary>Householder reflections <c>H = I - τ v vᵀ</c>: made one at a time, multiplied together in blocks.</summary>
/// <remarks>
/// A run of reflections is <c>H₀ H₁ … = I - V T Vᵀ</c> with T upper triangular (Schreiber and Van Loan 1989), so that all but the share Block/n of the work
/// of applying them runs in <see cref="Gemm"/>. Reflection k lies in row k of a matrix, from column k + offset on, its first entry 1 written out.
/// </remarks>
internal static unsafe class Reflectors
{
    /// <summary>Reflections that are applied together.</summary>
    public const int Block = 32;

    /// <summary>Turns x into v with H x = (β, 0, …): v in place of x, its first entry 1; τ; returns β.</summary>
    public static double Make(double* x, int n, out double tau)
    {
        var first = *x;
        *x = 1;
        var rest = new Span<double>(x + 1, n - 1);
        var squares = Vectors.Dot<double>(rest, rest);
        if (squares == 0)
        {
            tau = 0;
            return first;
        }

        var beta = -Math.CopySign(Math.Sqrt(first * first + squares), first);
        tau = (beta - first) / beta;
        Vectors.Divide(rest, first - beta);
        return beta;
    }

    /// <summary>T [size, size] of reflections whose vectors are the rows of v [size, n], zeros before their beginnings.</summary>
    public static void Triangle(double* v, int size, int n, double* tau, double* triangle)
    {
        using var scratch = Workspace.Rent<double>(size * size);
        var products = scratch.As<double>();
        Gemm.Multiply(v, n, 1, v, 1, n, products, size, size, size, n, accumulate: false);
        new Span<double>(triangle, size * size).Clear();
        for (var i = 0; i < size; i++)
        {
            triangle[i * size + i] = tau[i];
            for (var row = 0; row < i; row++)
            {
                double sum = 0;
                for (var p = row; p < i; p++) sum += triangle[row * size + p] * products[p * size + i];
                triangle[row * size + i] = -tau[i] * sum;
            }
        }
    }

    /// <summary>The first <paramref name="rows"/> rows of (H₀ H₁ …)ᵀ, [rows, n] with rows <paramref name="xRow"/> apart.</summary>
    /// <param name="v">Row k holds reflection k from column k + offset on.</param>
    /// <param name="vRow">From a row of v to the next.</param>
    /// <param name="tau">Of each reflection.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="offset">Where the first begins.</param>
    /// <param name="n">The length of a reflection's space.</param>
    /// <param name="x">The result.</param>
    /// <param name="xRow">From a row of the result to the next.</param>
    /// <param name="rows">Rows of the result.</param>
    public static void Accumulate(double* v, long vRow, double* tau, int count, int offset, int n, double* x, long xRow, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            new Span<double>(x + i * xRow, n).Clear();
            x[i * xRow + i] = 1;
        }

        if (count == 0) return;
        using var scratch = Workspace.Rent<double>((long)Block * n + Block * Block + 2L * Block * rows);
        var block = scratch.As<double>();
        var triangle = block + (long)Block * n;
        var products = triangle + Block * Block;
        var turned = products + (long)Block * rows;
        for (var first = (count - 1) / Block * Block; first >= 0; first -= Block)
        {
            // Rows before the block's first column are those of the identity still.
            int size = Math.Min(Block, count - first), start = first + offset, width = n - start, height = rows - start;
            if (height <= 0) continue;
            Gather(v + first * vRow + start, vRow, size, width, block);
            Triangle(block, size, width, tau + first, triangle);
            for (var i = 0; i < size * size; i++) triangle[i] = -triangle[i];

            // X ← X (I - V Tᵀ Vᵀ)
            var part = x + start * xRow + start;
            Gemm.Multiply(part, xRow, 1, block, 1, width, products, size, height, size, width, accumulate: false);
            Gemm.Multiply(products, size, 1, triangle, 1, size, turned, size, height, size, size, accumulate: false);
            Gemm.Multiply(turned, size, 1, block, width, 1, part, xRow, height, width, size, accumulate: true);
        }
    }

    /// <summary>Rows of a block of reflections, row r from column r on, with zeros before: [size, width] without gaps.</summary>
    private static void Gather(double* v, long vRow, int size, int width, double* to)
    {
        for (var r = 0; r < size; r++)
        {
            new Span<double>(to + (long)r * width, Math.Min(r, width)).Clear();
            if (r < width) new ReadOnlySpan<double>(v + r * vRow + r, width - r).CopyTo(new(to + (long)r * width + r, width - r));
        }
    }
}
