using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary><c>C[b] = A[b]·B[b]</c> on tensor cores, the sums in float32; CUDA from compute capability 8.0 on.</summary>
/// <typeparam name="TNumber">What the factors are and how they are read.</typeparam>
/// <typeparam name="TLeft">Whether A's neighbours lie side by side along the depth (row-major) or across lines.</typeparam>
/// <typeparam name="TRight">The same for B (along the depth is column-major).</typeparam>
/// <typeparam name="TEdges">Whether bounds are checked.</typeparam>
/// <remarks>
/// Algorithm: a group of four warps makes a tile of 128 x 128, a warp 64 x 64 of it in 128 registers. Stages of 128 bytes of the depth come by cp.async into
///            a ring of three; a stage is four steps, a step 4 + 4 ldmatrix and 32 mma.sync (m16n8k8 TF32, m16n8k16 bfloat16). The finished tile goes through
///            shared memory, so that C is written in whole lines by code that knows no fragments.
/// Layout:    A [batch, rows, inner], B [batch, inner, columns] by <see cref="TensorCoreFactor"/>, transposed or broadcast without copies; C dense
///            row-major, [parts, batch, rows, columns] if the inner size is split. Shared memory by <see cref="TensorCoreTile"/>.
/// Cost:      2·rows·inner·columns operations a product. A step's 32 mma of a warp read 4 KiB of shared memory and a quarter of a stage is written for them: with
///            64 x 64 elements a warp that is 0.75 of the time that the cores take at their peak, with 64 x 32 it would be all of it. A tile of 128 x 128 reads a byte
///            of global memory for 32 operations of TF32, 64 of bfloat16.
/// Limit:     the rate of mma.sync, on Hopper some 60 % of what its own wgmma reaches. Two groups share a multiprocessor: one multiplies while the other
///            waits or writes.
/// Order:     each sum runs along the inner size in the cores' order: equal bits on every run of a GPU, but not those of a sequential sum.
/// Reference: <see cref="MatMulReference"/> of rounded factors.
/// </remarks>
public sealed class TensorCoreKernel<TNumber, TLeft, TRight, TEdges>(Accelerator accelerator)
    where TNumber : struct, ITensorCoreNumber
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
{
    private readonly Action<AcceleratorStream, KernelConfig, TensorCoreFactor, TensorCoreFactor, ArrayView<float>, long, ProductSizes> launch =
        TensorCoreLaunches.Load<Action<AcceleratorStream, KernelConfig, TensorCoreFactor, TensorCoreFactor, ArrayView<float>, long, ProductSizes>>(
            accelerator, new Action<TensorCoreFactor, TensorCoreFactor, ArrayView<float>, long, ProductSizes>(Kernel).Method);

    /// <summary>Enqueues the products.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">The left matrices.</param>
    /// <param name="right">The right matrices.</param>
    /// <param name="c">The results' memory; from <see cref="ProductSizes.Start"/> on it is overwritten, or added to.</param>
    /// <param name="narrow">Where bfloat16 results begin on the GPU, instead of them, each rounded once and none added; columns are multiples of 4. Else 0.</param>
    /// <param name="sizes">Sizes; a part's chunk is a multiple of a stage's depth.</param>
    public void Launch(
        AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes)
    {
        if (TensorCoreLaunches.ConfigOf(accelerator, sizes) is { } config) launch(stream, config, left, right, c, narrow, sizes);
    }

    private static void Kernel(TensorCoreFactor left, TensorCoreFactor right, ArrayView<float> c, long narrow, ProductSizes sizes)
    {
        var place = ProductPlace.Of(sizes, TensorCoreTile.Lines);
        var wide = new MatrixWriter<float, TEdges> { Output = c, Start = place.Start, Sizes = sizes };
        TensorCoreLoop<TNumber, TLeft, TRight, TEdges>.Run(left, right, sizes, place, new TensorCoreWriter<TEdges> { Wide = wide, Narrow = narrow });
    }
}
