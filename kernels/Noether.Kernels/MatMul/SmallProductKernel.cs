using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary><c>C[b] = A[b]·B[b]</c> for many small products: a group makes several of them whole.</summary>
/// <typeparam name="T">float, double, int or long; sums are kept in T.</typeparam>
/// <remarks>
/// Algorithm: a thread has a square of 4 x 4 elements, a group as many products as 128 squares hold, at most <see cref="SmallProductSizes.MatricesOf"/>. Both
///            factors of all of them come to shared memory, whole or up to 32 depths at a time: <see cref="SmallFactor"/>. A factor that all
///            products share is there once.
/// Layout:    factors by <see cref="MatrixLayout"/>, C dense [batch, rows, columns], as of <see cref="MatMulKernel{T,TTile,TLeft,TRight,TEdges}"/>; four neighbours
///            move at once where they lie aligned.
/// Cost:      each factor and result once: of float32 4·(rows·inner + inner·columns + rows·columns) bytes a product, 3 KiB of 16 x 16 x 16 for 4096
///            multiplications; two loads of 16 bytes from shared memory for 16 of these. Of 128 threads 128 work on 16 x 16 (a tile of 32 x 32 has a
///            quarter of its elements inside), 108 on 24 x 24, 120 on 10 x 32 whose last rows are two of four.
/// Limit:     bandwidth up to some 32 x 32 x 32, above that shared memory. Nothing is read ahead: other groups fill the waits.
/// Order:     each sum runs along the inner size in order: equal bits on every run.
/// Reference: <see cref="MatMulReference"/>.
/// </remarks>
public sealed class SmallProductKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, SmallProductSizes> launch =
        accelerator.LoadKernel<ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, SmallProductSizes>(
            Kernel, new KernelSpecialization(SmallProductSizes.Threads, null));

    /// <summary>Enqueues the products.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="a">The left matrices' memory.</param>
    /// <param name="left">Their layout.</param>
    /// <param name="b">The right matrices' memory.</param>
    /// <param name="right">Their layout.</param>
    /// <param name="c">The results' memory; [batch, rows, columns] from <see cref="ProductSizes.Start"/> on is overwritten, or added to.</param>
    /// <param name="sizes">Sizes; an inner size of 0 gives 0.</param>
    /// <exception cref="ArgumentException">The products are not small, or their inner size is split.</exception>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, ArrayView<T> c, in ProductSizes sizes)
    {
        if (sizes.Rows == 0 || sizes.Columns == 0 || sizes.Batch == 0) return;
        var shares = SmallProductSizes.Of(sizes, left, right);
        launch(stream, Config(accelerator, shares), a, left, b, right, c, shares);
    }

    internal static KernelConfig Config(Accelerator accelerator, in SmallProductSizes sizes) =>
        Grids.Fixed(accelerator, "MatMul", ((long)sizes.Products.Batch + sizes.Matrices - 1) / sizes.Matrices, SmallProductSizes.Threads);

    private static void Kernel(ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, ArrayView<T> c, SmallProductSizes sizes)
    {
        var place = SmallProductPlace.Of(sizes);
        var sum = Sum(a, left, b, right, sizes, place);
        if (place.HasSquare == 0) return;
        var start = sizes.Products.Start + (long)place.Matrix * sizes.Products.Rows * sizes.Products.Columns;
        new MatrixWriter<T, AnyTiles> { Output = c, Start = start, Sizes = sizes.Products }.Write(sum, 4 * place.Down, 4 * place.Across);
    }

    /// <summary>The calling thread's square.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static QuadTile<T> Sum(
        ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, SmallProductSizes sizes, SmallProductPlace place)
    {
        var shared = SharedMemory.Allocate<Four<T>>(SmallProductSizes.Fours);
        var rightTile = sizes.Left.Stride * sizes.Depth;
        var leftQuad = SmallFactor.QuadOf(sizes.Left, place.Local, place.Down);
        var rightQuad = rightTile + SmallFactor.QuadOf(sizes.Right, place.Local, place.Across);
        QuadTile<T> c = default;
        for (var begin = 0; begin < sizes.Products.Inner; begin += sizes.Depth)
        {
            if (begin > 0) Group.Barrier();
            SmallFactor.Stage(
                sizes.Left, a, left.Batch, left.RowStride, left.ColumnStride, sizes.Products.Rows, place.First, sizes.Products.Batch, begin, sizes.Products.Inner, shared, 0);
            SmallFactor.Stage(
                sizes.Right, b, right.Batch, right.ColumnStride, right.RowStride, sizes.Products.Columns, place.First, sizes.Products.Batch, begin, sizes.Products.Inner,
                shared, rightTile);
            Group.Barrier();
            int i = leftQuad, j = rightQuad;
            for (var k = 0; k < sizes.Depth; k += 4) // four in a row: the compiler unrolls no loop
            {
                c = QuadTile<T>.Add(c, shared[i], shared[j]);
                c = QuadTile<T>.Add(c, shared[i + sizes.Left.Stride], shared[j + sizes.Right.Stride]);
                c = QuadTile<T>.Add(c, shared[i + 2 * sizes.Left.Stride], shared[j + 2 * sizes.Right.Stride]);
                c = QuadTile<T>.Add(c, shared[i + 3 * sizes.Left.Stride], shared[j + 3 * sizes.Right.Stride]);
                i += 4 * sizes.Left.Stride;
                j += 4 * sizes.Right.Stride;
            }
        }

        return c;
    }
}
