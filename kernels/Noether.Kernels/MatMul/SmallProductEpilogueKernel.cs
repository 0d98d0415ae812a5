using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>Small products of which only what a program makes of their elements is stored.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <typeparam name="TEpilogue">The emitted program and its operands.</typeparam>
/// <remarks>
/// Algorithm: <see cref="SmallProductKernel{T}"/>, then the program on four elements at a time: <see cref="EpilogueWriter{T,TOrder,TEpilogue}"/>.
/// Layout:    factors as there; what the program reads and stores as in any elementwise kernel.
/// Cost:      a pass over the results, written and read, less than the two kernels.
/// Limit:     bandwidth.
/// Order:     that of the product: the bits are those of the two kernels.
/// Reference: the two kernels.
/// </remarks>
public sealed class SmallProductEpilogueKernel<T, TEpilogue>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TEpilogue : unmanaged, IProductEpilogue<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, SmallProductSizes, TEpilogue> launch =
        accelerator.LoadKernel<ArrayView<T>, MatrixLayout, ArrayView<T>, MatrixLayout, SmallProductSizes, TEpilogue>(
            Kernel, new KernelSpecialization(SmallProductSizes.Threads, null));

    /// <summary>Enqueues the products and their program.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="a">The left matrices' memory.</param>
    /// <param name="left">Their layout.</param>
    /// <param name="b">The right matrices' memory.</param>
    /// <param name="right">Their layout.</param>
    /// <param name="sizes">Sizes; the inner size in one part.</param>
    /// <param name="epilogue">The program's operands.</param>
    /// <exception cref="ArgumentException">The products are not small, or their inner size is split.</exception>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, in ProductSizes sizes, in TEpilogue epilogue)
    {
        if (sizes.Rows == 0 || sizes.Columns == 0 || sizes.Batch == 0) return;
        var shares = SmallProductSizes.Of(sizes, left, right);
        launch(stream, SmallProductKernel<T>.Config(accelerator, shares), a, left, b, right, shares, epilogue);
    }

    private static void Kernel(ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, SmallProductSizes sizes, TEpilogue epilogue)
    {
        var place = SmallProductPlace.Of(sizes);
        var sum = SmallProductKernel<T>.Sum(a, left, b, right, sizes, place);
        if (place.HasSquare == 0) return;
        EpilogueWriter<T, MatrixOrder, TEpilogue>.Write(sum, default, MatrixOrder.Of(sizes.Products, place.Matrix), epilogue, 4 * place.Down, 4 * place.Across);
    }
}
