using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>A product and its tangent, <c>C = A·B</c> and <c>C' = A'·B + A·B'</c>, for batches of matrices with any strides.</summary>
/// <typeparam name="T">float, double, int or long; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile of C and of C' that a group makes: both lie in registers.</typeparam>
/// <typeparam name="TLeft">How A and A' are read.</typeparam>
/// <typeparam name="TRight">How B and B' are read.</typeparam>
/// <typeparam name="TEdges">Whether bounds are checked.</typeparam>
/// <remarks>
/// Algorithm: that of <see cref="MatMulKernel{T,TTile,TLeft,TRight,TEdges}"/> with four tiles in shared memory and three products a step.
/// Layout:    factors by <see cref="DualFactor{T}"/>; C and C' dense row-major. The inner size is not split.
/// Cost:      6·rows·inner·columns operations; a third less to read than three products, from shared memory and from global.
/// Limit:     multiplications.
/// Order:     C' sums A'·B + A·B' step by step of the inner size, the first term first within a step: equal bits on every run.
/// Reference: <see cref="MatMulReference"/>, three times.
/// </remarks>
public sealed class DualMatMulKernel<T, TTile, TLeft, TRight, TEdges>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, ArrayView<T>, ProductSizes, long> launch =
        accelerator.LoadKernel<ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, ArrayView<T>, ProductSizes, long>(
            Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    // Fours of one factor's tile.
    private static int Tile => TTile.Step * (TTile.Side * TTile.Quads + 1);

    /// <summary>Enqueues the products.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">A and A'.</param>
    /// <param name="right">B and B'.</param>
    /// <param name="c">The products' memory; [batch, rows, columns] from <see cref="ProductSizes.Start"/> on is overwritten.</param>
    /// <param name="tangent">The tangents' memory; as much from <paramref name="tangentStart"/> on is overwritten.</param>
    /// <param name="sizes">Sizes; the inner size in one part.</param>
    /// <param name="tangentStart">Where the tangents begin.</param>
    /// <exception cref="ArgumentException">The inner size is split.</exception>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(
        AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right, ArrayView<T> c, ArrayView<T> tangent, in ProductSizes sizes, long tangentStart)
    {
        if (sizes.Parts != 1) throw new ArgumentException($"DualMatMul: the inner size {sizes.Inner} in {sizes.Parts} parts; it sums in one");
        var groups = ProductPlace.Groups(sizes, 4 * TTile.Side * TTile.Quads);
        if (groups == 0) return;
        launch(
            stream, Grids.Fixed(accelerator, "DualMatMul", groups, TTile.Side * TTile.Side),
            left.Value, left.Layout, left.Tangent, left.TangentLayout, right.Value, right.Layout, right.Tangent, right.TangentLayout, c, tangent, sizes, tangentStart);
    }

    private static void Kernel(
        ArrayView<T> a, MatrixLayout layoutA, ArrayView<T> da, MatrixLayout layoutDa, ArrayView<T> b, MatrixLayout layoutB, ArrayView<T> db, MatrixLayout layoutDb,
        ArrayView<T> c, ArrayView<T> dc, ProductSizes sizes, long tangentStart)
    {
        var place = ProductPlace.Of(sizes, FactorReader<T, TTile, TLeft, TEdges>.Lines);
        ProductRegisters<T, TTile> sum = default, tangent = default;
        Add(ref sum, ref tangent, a, layoutA, da, layoutDa, b, layoutB, db, layoutDb, sizes, place);
        ProductRegisters<T, TTile>.Write(sum, new MatrixWriter<T, TEdges> { Output = c, Start = place.Start, Sizes = sizes }, place.Row, place.Column);
        ProductRegisters<T, TTile>.Write(
            tangent, new MatrixWriter<T, TEdges> { Output = dc, Start = place.Start - sizes.Start + tangentStart, Sizes = sizes }, place.Row, place.Column);
    }

    /// <summary>Adds the tile at a place to the calling thread's parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(
        ref ProductRegisters<T, TTile> sum, ref ProductRegisters<T, TTile> tangent,
        ArrayView<T> a, MatrixLayout layoutA, ArrayView<T> da, MatrixLayout layoutDa, ArrayView<T> b, MatrixLayout layoutB, ArrayView<T> db, MatrixLayout layoutDb,
        ProductSizes sizes, ProductPlace place)
    {
        var shared = SharedMemory.Allocate<Four<T>>(8 * TTile.Step * (TTile.Side * TTile.Quads + 1)); // two buffers of A, A', B, B'
        var readA = Left(a, layoutA, place, sizes);
        var readDa = Left(da, layoutDa, place, sizes);
        var readB = Right(b, layoutB, place, sizes);
        var readDb = Right(db, layoutDb, place, sizes);
        FactorReader<T, TTile, TLeft, TEdges>.Write(shared, 0, readA.Read());
        FactorReader<T, TTile, TLeft, TEdges>.Write(shared, Tile, readDa.Read());
        FactorReader<T, TTile, TRight, TEdges>.Write(shared, 2 * Tile, readB.Read());
        FactorReader<T, TTile, TRight, TEdges>.Write(shared, 3 * Tile, readDb.Read());
        Group.Barrier();

        var buffer = 0;
        for (var k = TTile.Step; k < place.End; k += TTile.Step)
        {
            readA = FactorReader<T, TTile, TLeft, TEdges>.Advance(readA);
            readDa = FactorReader<T, TTile, TLeft, TEdges>.Advance(readDa);
            readB = FactorReader<T, TTile, TRight, TEdges>.Advance(readB);
            readDb = FactorReader<T, TTile, TRight, TEdges>.Advance(readDb);
            var nextA = readA.Read();
            var nextDa = readDa.Read();
            var nextB = readB.Read();
            var nextDb = readDb.Read();
            ProductRegisters<T, TTile>.AddDualProduct(ref sum, ref tangent, shared, buffer, Tile);
            buffer = 4 * Tile - buffer;
            FactorReader<T, TTile, TLeft, TEdges>.Write(shared, buffer, nextA);
            FactorReader<T, TTile, TLeft, TEdges>.Write(shared, buffer + Tile, nextDa);
            FactorReader<T, TTile, TRight, TEdges>.Write(shared, buffer + 2 * Tile, nextB);
            FactorReader<T, TTile, TRight, TEdges>.Write(shared, buffer + 3 * Tile, nextDb);
            Group.Barrier();
        }

        ProductRegisters<T, TTile>.AddDualProduct(ref sum, ref tangent, shared, buffer, Tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FactorReader<T, TTile, TLeft, TEdges> Left(ArrayView<T> x, MatrixLayout layout, ProductPlace place, ProductSizes sizes) =>
        FactorReader<T, TTile, TLeft, TEdges>.Of(x, layout.Batch.At(place.Matrix), layout.RowStride, layout.ColumnStride, place.Row, sizes.Rows, place.Begin, place.End);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FactorReader<T, TTile, TRight, TEdges> Right(ArrayView<T> x, MatrixLayout layout, ProductPlace place, ProductSizes sizes) =>
        FactorReader<T, TTile, TRight, TEdges>.Of(x, layout.Batch.At(place.Matrix), layout.ColumnStride, layout.RowStride, place.Column, sizes.Columns, place.Begin, place.End);
}
