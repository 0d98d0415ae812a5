using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>The kernels of tensor cores, each loaded when its format, layouts and program are first met.</summary>
public sealed class TensorCoreKernels(KernelCache kernels) : ITensorCores
{
    /// <inheritdoc/>
    public void Launch(
        TensorCoreFormat format, AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes) =>
        TensorCoreLaunches.Launch(new Product(kernels, stream, left, right, c, narrow, sizes), format, left.Layout, right.Layout, sizes);

    /// <inheritdoc/>
    public void Launch(
        TensorCoreFormat format, AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right,
        ProductEpilogue<float> epilogue, in EpilogueOperands operands, in ProductSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(epilogue);
        epilogue.End(new Ended(kernels, format, stream, left, right, sizes), sizes, operands);
    }

    private readonly struct Product(
        KernelCache kernels, AcceleratorStream stream, TensorCoreFactor left, TensorCoreFactor right, ArrayView<float> c, long narrow, ProductSizes sizes) : ITensorCoreLaunch
    {
        public void Launch<TNumber, TLeft, TRight, TEdges>()
            where TNumber : struct, ITensorCoreNumber
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new TensorCoreKernel<TNumber, TLeft, TRight, TEdges>(accelerator)).Launch(stream, left, right, c, narrow, sizes);
    }

    private readonly struct Ended(
        KernelCache kernels, TensorCoreFormat format, AcceleratorStream stream, TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes) : IEpilogueLaunch<float>
    {
        public void Launch<TEpilogue>(in TEpilogue epilogue)
            where TEpilogue : unmanaged, IProductEpilogue<float> =>
            TensorCoreLaunches.Launch(new EndedBy<TEpilogue>(kernels, stream, left, right, sizes, epilogue), format, left.Layout, right.Layout, sizes);
    }

    private readonly struct EndedBy<TEpilogue>(
        KernelCache kernels, AcceleratorStream stream, TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes, TEpilogue epilogue) : ITensorCoreLaunch
        where TEpilogue : unmanaged, IProductEpilogue<float>
    {
        public void Launch<TNumber, TLeft, TRight, TEdges>()
            where TNumber : struct, ITensorCoreNumber
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new TensorCoreEpilogueKernel<TNumber, TLeft, TRight, TEdges, TEpilogue>(accelerator)).Launch(stream, left, right, sizes, epilogue);
    }
}
