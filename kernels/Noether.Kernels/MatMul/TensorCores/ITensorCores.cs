using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>What multiplies matrices on tensor cores.</summary>
public interface ITensorCores
{
    /// <summary>Enqueues <c>C[b] = A[b]·B[b]</c>, the sums in float32; <see cref="TensorCoreKernel{TNumber,TLeft,TRight,TEdges}.Launch"/>.</summary>
    /// <param name="format">What the factors are and how they are read.</param>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">The left matrices; <see cref="TensorCoreChoice.Reads"/> must say yes to their layout.</param>
    /// <param name="right">The right matrices, the same.</param>
    /// <param name="c">The results' memory, written or added to from <see cref="ProductSizes.Start"/> on.</param>
    /// <param name="narrow">Instead of it, where bfloat16 results begin; columns and start are multiples of 4 then. Else 0.</param>
    /// <param name="sizes">Sizes, split as <see cref="TensorCoreChoice.ChunkOf"/> says.</param>
    void Launch(
        TensorCoreFormat format, AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes);

    /// <summary>Enqueues products of which only what a program makes of them is stored; <see cref="TensorCoreEpilogueKernel{TNumber,TLeft,TRight,TEdges,TEpilogue}.Launch"/>.</summary>
    /// <param name="format">What the factors are and how they are read.</param>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">The left matrices, as without a program.</param>
    /// <param name="right">The right matrices, the same.</param>
    /// <param name="epilogue">The program, which reads the products as float32, or as bfloat16 to which they are rounded.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="sizes">Sizes; the inner size in one part.</param>
    void Launch(
        TensorCoreFormat format, AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right,
        ProductEpilogue<float> epilogue, in EpilogueOperands operands, in ProductSizes sizes);
}
