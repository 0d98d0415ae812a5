using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>Products on tensor cores of which only what a program makes of their elements is stored; CUDA from compute capability 8.0 on.</summary>
/// <typeparam name="TNumber">What the factors are and how they are read.</typeparam>
/// <typeparam name="TLeft">How A is read.</typeparam>
/// <typeparam name="TRight">How B is read.</typeparam>
/// <typeparam name="TEdges">Whether the factors' bounds are checked.</typeparam>
/// <typeparam name="TEpilogue">The emitted program and its operands.</typeparam>
/// <remarks>
/// Algorithm: <see cref="TensorCoreKernel{TNumber,TLeft,TRight,TEdges}"/> up to the finished tile in shared memory. From there a thread takes four neighbours of a row
///            at a time, as it would to write them, and hands them to the program: <see cref="EpilogueWriter{T,TOrder,TEpilogue}"/>. The sums' registers are free by
///            then, and a warp's operands are whole lines, which in the cores' own fragments (two columns of two rows a thread) they would not be.
/// Layout:    factors as there, the inner size in one part; what the program reads and stores as in any elementwise kernel.
/// Cost:      a pass over the results, written and read, less than the two kernels.
/// Limit:     the rate of mma.sync; the program of one group runs while another multiplies.
/// Order:     that of the product: the bits are those of the two kernels. A program that reads the product as bfloat16 rounds it first.
/// Reference: the two kernels.
/// </remarks>
public sealed class TensorCoreEpilogueKernel<TNumber, TLeft, TRight, TEdges, TEpilogue>(Accelerator accelerator)
    where TNumber : struct, ITensorCoreNumber
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
    where TEpilogue : unmanaged, IProductEpilogue<float>
{
    private readonly Action<AcceleratorStream, KernelConfig, TensorCoreFactor, TensorCoreFactor, ProductSizes, TEpilogue> launch =
        TensorCoreLaunches.Load<Action<AcceleratorStream, KernelConfig, TensorCoreFactor, TensorCoreFactor, ProductSizes, TEpilogue>>(
            accelerator, new Action<TensorCoreFactor, TensorCoreFactor, ProductSizes, TEpilogue>(Kernel).Method);

    /// <summary>Enqueues the products and their program.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">The left matrices.</param>
    /// <param name="right">The right matrices.</param>
    /// <param name="sizes">Sizes; the inner size in one part.</param>
    /// <param name="epilogue">The program's operands.</param>
    /// <exception cref="ArgumentException">The inner size is split.</exception>
    public void Launch(AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, in ProductSizes sizes, in TEpilogue epilogue)
    {
        if (sizes.Parts != 1) throw new ArgumentException($"MatMul: an epilogue after an inner size {sizes.Inner} in {sizes.Parts} parts; it follows one");
        if (TensorCoreLaunches.ConfigOf(accelerator, sizes) is { } config) launch(stream, config, left, right, sizes, epilogue);
    }

    private static void Kernel(TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes, TEpilogue epilogue)
    {
        var place = ProductPlace.Of(sizes, TensorCoreTile.Lines);
        var writer = new EpilogueRowWriter<float, TEpilogue> { Order = MatrixOrder.Of(sizes, place.Matrix), Epilogue = epilogue };
        TensorCoreLoop<TNumber, TLeft, TRight, TEdges>.Run(left, right, sizes, place, writer);
    }
}
