using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>Products and their tangents of which only what a program makes of both is stored: an activation and its derivative in the pass that multiplies.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile of the product and of the tangent that a group makes.</typeparam>
/// <typeparam name="TLeft">How the left factors are read.</typeparam>
/// <typeparam name="TRight">How the right factors are read.</typeparam>
/// <typeparam name="TEdges">Whether the factors' bounds are checked.</typeparam>
/// <typeparam name="TEpilogue">The emitted program and its operands.</typeparam>
/// <remarks>
/// Algorithm: <see cref="DualMatMulKernel{T,TTile,TLeft,TRight,TEdges}"/>, then as <see cref="MatMulEpilogueKernel{T,TTile,TLeft,TRight,TEdges,TEpilogue}"/>, whose
///            layouts, order and reference hold too.
/// Cost:      a pass over both results, written and read, less than the two kernels.
/// Limit:     multiplications.
/// </remarks>
public sealed class DualMatMulEpilogueKernel<T, TTile, TLeft, TRight, TEdges, TEpilogue>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
    where TEpilogue : unmanaged, IProductEpilogue<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ProductSizes, TEpilogue> launch =
        accelerator.LoadKernel<ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ProductSizes, TEpilogue>(
            Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    /// <summary>Enqueues the products and their program.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">A and A'.</param>
    /// <param name="right">B and B'.</param>
    /// <param name="sizes">Sizes; the inner size in one part.</param>
    /// <param name="epilogue">The program's operands.</param>
    /// <exception cref="ArgumentException">The inner size is split.</exception>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right, in ProductSizes sizes, in TEpilogue epilogue)
    {
        if (sizes.Parts != 1) throw new ArgumentException($"DualMatMul: the inner size {sizes.Inner} in {sizes.Parts} parts; it sums in one");
        var groups = ProductPlace.Groups(sizes, 4 * TTile.Side * TTile.Quads);
        if (groups == 0) return;
        launch(
            stream, Grids.Fixed(accelerator, "DualMatMul", groups, TTile.Side * TTile.Side),
            left.Value, left.Layout, left.Tangent, left.TangentLayout, right.Value, right.Layout, right.Tangent, right.TangentLayout, sizes, epilogue);
    }

    private static void Kernel(
        ArrayView<T> a, MatrixLayout layoutA, ArrayView<T> da, MatrixLayout layoutDa, ArrayView<T> b, MatrixLayout layoutB, ArrayView<T> db, MatrixLayout layoutDb,
        ProductSizes sizes, TEpilogue epilogue)
    {
        var place = ProductPlace.Of(sizes, FactorReader<T, TTile, TLeft, TEdges>.Lines);
        ProductRegisters<T, TTile> sum = default, tangent = default;
        DualMatMulKernel<T, TTile, TLeft, TRight, TEdges>.Add(ref sum, ref tangent, a, layoutA, da, layoutDa, b, layoutB, db, layoutDb, sizes, place);
        EpilogueWriter<T, MatrixOrder, TEpilogue>.Write(sum, tangent, MatrixOrder.Of(sizes, place.Matrix), epilogue, place.Row, place.Column);
    }
}
