using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Channels;

/// <summary>The sums of the rows and of the columns of dense matrices, in one reading.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <remarks>
/// Algorithm: a group walks a strip of rows, <c>4·Across</c> columns at a time. A thread reads four columns of four rows, adds them down into
///            registers and along into its own places of shared memory; a tree joins the columns of each step, one pass the rows at the end.
/// Layout:    x [count, rows, columns]; rows [chunks, count, rows] and columns [strips, count, columns], which the caller adds up where there are
///            several chunks or strips.
/// Limit:     bandwidth: x once, four loads of 16 bytes a thread under way; partial sums are 1/16 of it or less for large matrices.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: <see cref="Reference"/>, the sums in double.
/// </remarks>
public sealed class AxisSumsKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    // Eight rows a thread, and a place a row between lines where there are several threads along it.
    private const int MostRowSums = 12 * Grids.MaxThreads;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, AxisSumsSizes> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, AxisSumsSizes>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues the sums.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">The matrices' memory, aligned to 16 bytes.</param>
    /// <param name="rows">[chunks, count, rows]: sums over the columns.</param>
    /// <param name="columns">[strips, count, columns]: sums over the rows.</param>
    /// <param name="sizes">What <see cref="AxisSumsSizes.Of"/> has said of them.</param>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, in AxisSumsSizes sizes)
    {
        var groups = (long)sizes.Count * sizes.Strips * sizes.Chunks;
        if (groups > 0) launch(stream, Grids.Fixed(accelerator, "AxisSums", groups, sizes.Threads), x, rows, columns, sizes);
    }

    /// <summary>The sums of one matrix's rows and columns by their definition.</summary>
    public static (double[] Rows, double[] Columns) Reference(ReadOnlySpan<T> x, int rows, int columns)
    {
        double[] ofRows = new double[rows], ofColumns = new double[columns];
        for (var i = 0; i < x.Length; i++)
        {
            ofRows[i / columns] += double.CreateChecked(x[i]);
            ofColumns[i % columns] += double.CreateChecked(x[i]);
        }

        return (ofRows, ofColumns);
    }

    private static void Kernel(ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, AxisSumsSizes sizes)
    {
        var rowSums = SharedMemory.Allocate<T>(MostRowSums);
        var columnSums = SharedMemory.Allocate<Four<T>>(Grids.MaxThreads);
        int across = sizes.Across, down = Group.DimX / across, place = Group.IdxX / across, lane = Group.IdxX - place * across;
        var line = across | 1; // lines of shared memory begin in different banks
        int rest = Grid.IdxX / sizes.Chunks, chunk = Grid.IdxX - rest * sizes.Chunks;
        int matrix = rest / sizes.Strips, strip = rest - matrix * sizes.Strips;
        var row = strip * sizes.Strip;
        var height = sizes.Rows - row < sizes.Strip ? sizes.Rows - row : sizes.Strip;
        var begin = chunk * sizes.Chunk;
        var end = sizes.Columns - begin < sizes.Chunk ? sizes.Columns : begin + sizes.Chunk;
        var start = sizes.Start + ((long)matrix * sizes.Rows + row) * sizes.Columns;
        var columnStart = ((long)strip * sizes.Count + matrix) * sizes.Columns;

        for (var at = place; at < sizes.Strip; at += down) rowSums[at * line + lane] = T.Zero;
        for (var column = begin; column < end; column += 4 * across)
        {
            Four<T> sum = default;
            for (var at = place; at < sizes.Strip; at += 4 * down)
            {
                int second = at + down, third = second + down, fourth = third + down;
                var a = Read(x, start, at, height, column, end, lane, sizes);
                var b = Read(x, start, second, height, column, end, lane, sizes);
                var c = Read(x, start, third, height, column, end, lane, sizes);
                var d = Read(x, start, fourth, height, column, end, lane, sizes);
                rowSums[at * line + lane] += Along(a);
                rowSums[second * line + lane] += Along(b);
                rowSums[third * line + lane] += Along(c);
                rowSums[fourth * line + lane] += Along(d);
                sum = Four<T>.Add(sum, T.One, Four<T>.Add(Four<T>.Add(a, T.One, b), T.One, Four<T>.Add(c, T.One, d)));
            }

            columnSums[Group.IdxX] = sum;
            for (var half = down / 2; half > 0; half /= 2)
            {
                Group.Barrier();
                if (place < half) columnSums[Group.IdxX] = Four<T>.Add(columnSums[Group.IdxX], T.One, columnSums[Group.IdxX + half * across]);
            }

            if (place == 0) Write(columnSums[lane], columns, columnStart, column, end, lane, sizes);
            Group.Barrier();
        }

        Group.Barrier(); // also where there are no columns
        var rowStart = ((long)chunk * sizes.Count + matrix) * sizes.Rows + row;
        for (var at = Group.IdxX; at < height; at += Group.DimX)
        {
            var sum = T.Zero;
            for (var i = 0; i < across; i++) sum += rowSums[at * line + i];
            rows[rowStart + at] = sum;
        }
    }

    // Four columns of a row, 0 outside: neighbours where they are one load, else as far apart as there are threads along the row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<T> Read(ArrayView<T> x, long start, int row, int height, int column, int end, int lane, AxisSumsSizes sizes)
    {
        if (row >= height) return default;
        var at = start + (long)row * sizes.Columns;
        if (sizes.Quads != 0)
        {
            var quad = column + 4 * lane;
            return quad < end ? Fours.Of(x)[(at + quad) / 4] : default;
        }

        int first = column + lane, second = first + sizes.Across, third = second + sizes.Across, fourth = third + sizes.Across;
        return new()
        {
            X = first < end ? x[at + first] : T.Zero,
            Y = second < end ? x[at + second] : T.Zero,
            Z = third < end ? x[at + third] : T.Zero,
            W = fourth < end ? x[at + fourth] : T.Zero,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Four<T> sum, ArrayView<T> columns, long start, int column, int end, int lane, AxisSumsSizes sizes)
    {
        int step = sizes.Quads != 0 ? 1 : sizes.Across, first = column + (sizes.Quads != 0 ? 4 * lane : lane);
        if (first < end) columns[start + first] = sum.X;
        if (first + step < end) columns[start + first + step] = sum.Y;
        if (first + 2 * step < end) columns[start + first + 2 * step] = sum.Z;
        if (first + 3 * step < end) columns[start + first + 3 * step] = sum.W;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Along(Four<T> x) => x.X + x.Y + (x.Z + x.W);
}
