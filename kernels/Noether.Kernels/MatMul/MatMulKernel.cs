using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary><c>C[b] = A[b]·B[b]</c>: batched products of matrices with any strides.</summary>
/// <typeparam name="T">float, double, int or long; sums are kept in T.</typeparam>
/// <remarks>
/// Algorithm: a group of 16 x 16 threads makes a 32 x 32 tile of C, four elements a thread; it walks the inner size in steps of 16 and brings a
///            32 x 16 tile of A and a 16 x 32 tile of B to shared memory at each. Outside the matrices tiles are 0.
/// Layout:    A [batch, rows, inner] and B [batch, inner, columns] by <see cref="MatrixLayout"/> (transposed and broadcast operands cost nothing
///            but coalescing), C dense row-major.
/// Limit:     shared-memory loads: one a multiplication. The tuned kernels replace this one where their shapes fit.
/// Order:     each sum runs along the inner size in order: equal bits on every run.
/// Reference: <see cref="Reference"/>.
/// </remarks>
public sealed class MatMulKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private const int Threads = 16; // along each side of the group
    private const int Tile = 2 * Threads;
    private const int Step = 16;
    private const int Stride = Tile + 1; // one element of padding: the stores of a column spread over all banks

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatMulSizes> launch =
        accelerator.LoadKernel<ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatMulSizes>(
            Kernel, new KernelSpecialization(Threads * Threads, null));

    /// <summary>Enqueues the product.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="a">The left matrices' memory.</param>
    /// <param name="left">Their layout.</param>
    /// <param name="b">The right matrices' memory.</param>
    /// <param name="right">Their layout.</param>
    /// <param name="c">[batch, rows, columns], dense; overwritten.</param>
    /// <param name="sizes">Rows, inner size and columns; an inner size of 0 gives 0.</param>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of 256 threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, ArrayView<T> c, in MatMulSizes sizes)
    {
        if (c.Length == 0) return;
        if (accelerator.MaxNumThreadsPerGroup < Threads * Threads)
            throw new NotSupportedException($"MatMul: needs groups of {Threads * Threads} threads, {accelerator.Name} has {accelerator.MaxNumThreadsPerGroup}");
        var batch = c.Length / ((long)sizes.Rows * sizes.Columns);
        var groups = Tiles(sizes.Rows) * Tiles(sizes.Columns) * batch;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, int.MaxValue);
        launch(stream, new KernelConfig((int)groups, Threads * Threads), a, left, b, right, c, sizes);
    }

    /// <summary>One product of dense row-major matrices by the definition, the sums in double.</summary>
    public static double[] Reference(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int rows, int inner, int columns)
    {
        var c = new double[rows * columns];
        for (var at = 0; at < c.Length; at++)
        {
            for (var k = 0; k < inner; k++)
                c[at] += double.CreateChecked(a[at / columns * inner + k]) * double.CreateChecked(b[k * columns + at % columns]);
        }

        return c;
    }

    private static long Tiles(int size) => (size + Tile - 1) / Tile;

    private static void Kernel(ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, ArrayView<T> c, MatMulSizes sizes)
    {
        var tileA = SharedMemory.Allocate<T>(Step * Stride); // [k, row]
        var tileB = SharedMemory.Allocate<T>(Step * Stride); // [k, column]

        var tilesAcross = (sizes.Columns + Tile - 1) / Tile;
        var tilesDown = (sizes.Rows + Tile - 1) / Tile;
        var batch = Grid.IdxX / (tilesAcross * tilesDown);
        var tile = Grid.IdxX - batch * (tilesAcross * tilesDown);
        var firstRow = tile / tilesAcross * Tile;
        var firstColumn = (tile - tile / tilesAcross * tilesAcross) * Tile;
        var startA = left.Batch.At(batch);
        var startB = right.Batch.At(batch);

        var y = Group.IdxX / Threads;
        var x = Group.IdxX - y * Threads;

        // Neighbouring threads read neighbouring elements of row-major operands: x runs along A's inner size and along B's columns.
        var rowA0 = firstRow + y;
        var rowA1 = rowA0 + Threads;
        var columnB0 = firstColumn + x;
        var columnB1 = columnB0 + Threads;

        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero;
        for (var k = 0; k < sizes.Inner; k += Step)
        {
            var innerA = k + x;
            var innerB = k + y;
            tileA[x * Stride + y] = Load(a, startA, left, rowA0, innerA, sizes.Rows, sizes.Inner);
            tileA[x * Stride + y + Threads] = Load(a, startA, left, rowA1, innerA, sizes.Rows, sizes.Inner);
            tileB[y * Stride + x] = Load(b, startB, right, innerB, columnB0, sizes.Inner, sizes.Columns);
            tileB[y * Stride + x + Threads] = Load(b, startB, right, innerB, columnB1, sizes.Inner, sizes.Columns);
            Group.Barrier();

            for (var i = 0; i < Step; i++)
            {
                T a0 = tileA[i * Stride + y], a1 = tileA[i * Stride + y + Threads];
                T b0 = tileB[i * Stride + x], b1 = tileB[i * Stride + x + Threads];
                c00 += a0 * b0;
                c01 += a0 * b1;
                c10 += a1 * b0;
                c11 += a1 * b1;
            }

            Group.Barrier();
        }

        var start = (long)batch * sizes.Rows * sizes.Columns;
        Store(c, start, sizes, rowA0, columnB0, c00);
        Store(c, start, sizes, rowA0, columnB1, c01);
        Store(c, start, sizes, rowA1, columnB0, c10);
        Store(c, start, sizes, rowA1, columnB1, c11);
    }

    private static T Load(ArrayView<T> x, long start, MatrixLayout layout, int row, int column, int rows, int columns) =>
        row < rows && column < columns ? x[start + row * layout.RowStride + column * layout.ColumnStride] : T.Zero;

    private static void Store(ArrayView<T> c, long start, MatMulSizes sizes, int row, int column, T value)
    {
        if (row < sizes.Rows && column < sizes.Columns) c[start + (long)row * sizes.Columns + column] = value;
    }
}
