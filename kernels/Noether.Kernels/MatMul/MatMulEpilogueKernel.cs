using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>Products of which only what a program makes of their elements is stored: bias, activation, residual in the pass that multiplies.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile of the product that a group makes.</typeparam>
/// <typeparam name="TLeft">How A is read.</typeparam>
/// <typeparam name="TRight">How B is read.</typeparam>
/// <typeparam name="TEdges">Whether the factors' bounds are checked.</typeparam>
/// <typeparam name="TEpilogue">The emitted program and its operands.</typeparam>
/// <remarks>
/// Algorithm: <see cref="MatMulKernel{T,TTile,TLeft,TRight,TEdges}"/>, then the program on four elements at a time: <see cref="EpilogueWriter{T,TOrder,TEpilogue}"/>.
/// Layout:    factors as there, the inner size in one part; what the program reads and stores as in any elementwise kernel.
/// Cost:      a pass over the results, written and read, less than the two kernels.
/// Limit:     multiplications.
/// Order:     that of the product: the bits are those of the two kernels.
/// Reference: the two kernels.
/// </remarks>
public sealed class MatMulEpilogueKernel<T, TTile, TLeft, TRight, TEdges, TEpilogue>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
    where TEpilogue : unmanaged, IProductEpilogue<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ProductSizes, TEpilogue> launch =
        accelerator.LoadKernel<ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, ProductSizes, TEpilogue>(
            Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    /// <summary>Enqueues the products and their program.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="a">The left matrices' memory.</param>
    /// <param name="left">Their layout.</param>
    /// <param name="b">The right matrices' memory.</param>
    /// <param name="right">Their layout.</param>
    /// <param name="sizes">Sizes; the inner size in one part.</param>
    /// <param name="epilogue">The program's operands.</param>
    /// <exception cref="ArgumentException">The inner size is split.</exception>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, in ProductSizes sizes, in TEpilogue epilogue)
    {
        if (sizes.Parts != 1) throw new ArgumentException($"MatMul: an epilogue after an inner size {sizes.Inner} in {sizes.Parts} parts; it follows one");
        var groups = ProductPlace.Groups(sizes, 4 * TTile.Side * TTile.Quads);
        if (groups > 0) launch(stream, Grids.Fixed(accelerator, "MatMul", groups, TTile.Side * TTile.Side), a, left, b, right, sizes, epilogue);
    }

    private static void Kernel(ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, ProductSizes sizes, TEpilogue epilogue)
    {
        var place = ProductPlace.Of(sizes, FactorReader<T, TTile, TLeft, TEdges>.Lines);
        var sum = MatMulKernel<T, TTile, TLeft, TRight, TEdges>.Sum(a, left, b, right, sizes, place);
        EpilogueWriter<T, MatrixOrder, TEpilogue>.Write(sum, default, MatrixOrder.Of(sizes, place.Matrix), epilogue, place.Row, place.Column);
    }
}
