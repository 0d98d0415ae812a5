using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary><c>C[b] = A[b]·B[b]</c>: batched products of matrices with any strides.</summary>
/// <typeparam name="T">float, double, int or long; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile of C that a group makes.</typeparam>
/// <typeparam name="TLeft">How A is read.</typeparam>
/// <typeparam name="TRight">How B is read.</typeparam>
/// <typeparam name="TEdges">Whether bounds are checked.</typeparam>
/// <remarks>
/// Algorithm: a group makes one tile of C, kept in registers: <see cref="ProductLoop{T,TTile,TLeft,TRight}"/>.
/// Layout:    A [batch, rows, inner] and B [batch, inner, columns] by <see cref="MatrixLayout"/>: transposed and broadcast operands are not copied.
///            C is dense row-major; [parts, batch, rows, columns] if the inner size is split.
/// Cost:      2·rows·inner·columns operations a product; a thread of 64 elements reads 64 bytes of shared memory for 64 multiplications, a tile of
///            128 x 128 a byte of global memory for 32.
/// Limit:     multiplications; of small tiles shared memory.
/// Order:     each sum runs along the inner size in order: equal bits on every run.
/// Reference: <see cref="MatMulReference"/>.
/// </remarks>
public sealed class MatMulKernel<T, TTile, TLeft, TRight, TEdges>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, ProductSizes> launch =
        accelerator.LoadKernel<ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, ProductSizes>(
            Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    /// <summary>Enqueues the products.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="a">The left matrices' memory.</param>
    /// <param name="left">Their layout.</param>
    /// <param name="b">The right matrices' memory.</param>
    /// <param name="right">Their layout.</param>
    /// <param name="c">The results' memory; [parts, batch, rows, columns] from <see cref="ProductSizes.Start"/> on is overwritten, or added to.</param>
    /// <param name="sizes">Sizes; an inner size of 0 gives 0.</param>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, ArrayView<T> c, in ProductSizes sizes)
    {
        var groups = ProductPlace.Groups(sizes, 4 * TTile.Side * TTile.Quads);
        if (groups > 0) launch(stream, Grids.Fixed(accelerator, "MatMul", groups, TTile.Side * TTile.Side), a, left, b, right, c, sizes);
    }

    private static void Kernel(ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, ArrayView<T> c, ProductSizes sizes)
    {
        var place = ProductPlace.Of(sizes, FactorReader<T, TTile, TLeft, TEdges>.Lines);
        var sum = Sum(a, left, b, right, sizes, place);
        ProductRegisters<T, TTile>.Write(sum, new MatrixWriter<T, TEdges> { Output = c, Start = place.Start, Sizes = sizes }, place.Row, place.Column);
    }

    /// <summary>The calling thread's part of the tile at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ProductRegisters<T, TTile> Sum(
        ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, ProductSizes sizes, ProductPlace place)
    {
        var leftReader = FactorReader<T, TTile, TLeft, TEdges>.Of(
            a, left.Batch.At(place.Matrix), left.RowStride, left.ColumnStride, place.Row, sizes.Rows, place.Begin, place.End);
        var rightReader = FactorReader<T, TTile, TRight, TEdges>.Of(
            b, right.Batch.At(place.Matrix), right.ColumnStride, right.RowStride, place.Column, sizes.Columns, place.Begin, place.End);
        return ProductLoop<T, TTile, FactorReader<T, TTile, TLeft, TEdges>, FactorReader<T, TTile, TRight, TEdges>>.Sum(leftReader, rightReader, place);
    }
}
