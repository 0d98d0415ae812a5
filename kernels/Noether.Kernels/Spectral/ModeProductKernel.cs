using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary><c>C[q] = A[q]·B[q]</c> for every mode q: small complex matrices whose modes lie side by side.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <remarks>
/// Algorithm: a thread makes two rows by two columns of one mode's product in registers; its neighbours make the same of the neighbouring modes.
/// Layout:    any strides and places, by <see cref="ModeMatrix{T}"/>; loads coalesce where modes are neighbours in memory.
/// Cost:      8·modes·rows·inner·columns operations; 32 bytes of loads for 16 multiplications, most of them from the first two caches.
/// Limit:     bandwidth of the caches; of few modes and a small batch the latency of the loop along the inner size.
/// Order:     each sum runs along the inner size in order: equal bits on every run.
/// Reference: <see cref="Reference"/>, the sums in double.
/// </remarks>
public sealed class ModeProductKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ModeMatrix<T>, ModeMatrix<T>, ModeMatrix<T>, ModeProductSizes> launch =
        accelerator.LoadKernel<ModeMatrix<T>, ModeMatrix<T>, ModeMatrix<T>, ModeProductSizes>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues the products; an inner size of 0 gives 0.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="a">The left matrices.</param>
    /// <param name="b">The right matrices.</param>
    /// <param name="c">The results, overwritten.</param>
    /// <param name="sizes">Their sizes.</param>
    public void Launch(AcceleratorStream stream, in ModeMatrix<T> a, in ModeMatrix<T> b, in ModeMatrix<T> c, in ModeProductSizes sizes)
    {
        var threads = sizes.Modes * ((sizes.Rows + 1L) / 2) * ((sizes.Columns + 1L) / 2);
        if (threads > 0) launch(stream, Grids.Over(accelerator, threads), a, b, c, sizes);
    }

    /// <summary>One mode's product of dense row-major matrices by its definition.</summary>
    public static Complex[] Reference(ReadOnlySpan<Complex> a, ReadOnlySpan<Complex> b, int rows, int inner, int columns)
    {
        var c = new Complex[rows * columns];
        for (var at = 0; at < c.Length; at++)
        {
            for (var k = 0; k < inner; k++) c[at] += a[at / columns * inner + k] * b[k * columns + at % columns];
        }

        return c;
    }

    private static void Kernel(ModeMatrix<T> a, ModeMatrix<T> b, ModeMatrix<T> c, ModeProductSizes sizes)
    {
        var across = (sizes.Columns + 1) / 2;
        var thread = Grids.Thread;
        var tile = (int)(thread / sizes.Modes);
        var mode = (int)(thread - (long)tile * sizes.Modes);
        int row = tile / across * 2, column = tile % across * 2;
        if (row >= sizes.Rows) return;

        // Beyond an edge the line before is read again, and not written.
        bool hasRow = row + 1 < sizes.Rows, hasColumn = column + 1 < sizes.Columns;
        var left = a.Modes.At(mode) + row * a.RowStride;
        var right = b.Modes.At(mode) + column * b.ColumnStride;
        long below = hasRow ? a.RowStride : 0, beside = hasColumn ? b.ColumnStride : 0;
        Pair<T> c00 = default, c01 = default, c10 = default, c11 = default;
        for (var k = 0; k < sizes.Inner; k++)
        {
            Pair<T> a0 = Read(a, left), a1 = Read(a, left + below), b0 = Read(b, right), b1 = Read(b, right + beside);
            c00 = Add(c00, a0, b0);
            c01 = Add(c01, a0, b1);
            c10 = Add(c10, a1, b0);
            c11 = Add(c11, a1, b1);
            left += a.ColumnStride;
            right += b.RowStride;
        }

        var to = c.Modes.At(mode) + row * c.RowStride + column * c.ColumnStride;
        Write(c, to, c00);
        if (hasColumn) Write(c, to + c.ColumnStride, c01);
        if (hasRow) Write(c, to + c.RowStride, c10);
        if (hasRow && hasColumn) Write(c, to + c.RowStride + c.ColumnStride, c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair<T> Read(ModeMatrix<T> x, long at) => new() { Re = x.Real[at], Im = x.Sign * x.Imaginary[at] };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ModeMatrix<T> x, long at, Pair<T> value)
    {
        x.Real[at] = value.Re;
        x.Imaginary[at] = value.Im;
    }

    // Products added one by one: four fused operations.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair<T> Add(Pair<T> c, Pair<T> a, Pair<T> b) =>
        new() { Re = c.Re + a.Re * b.Re - a.Im * b.Im, Im = c.Im + a.Re * b.Im + a.Im * b.Re };
}
