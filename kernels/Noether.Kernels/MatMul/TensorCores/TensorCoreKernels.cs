using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>The kernels of <see cref="TensorCoreKernel{TNumber,TLeft,TRight,TEdges}"/>, each loaded when its format and layouts are first met.</summary>
public sealed class TensorCoreKernels(KernelCache kernels) : ITensorCores
{
    /// <inheritdoc/>
    public void Launch(
        TensorCoreFormat format, AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes)
    {
        if (format == TensorCoreFormat.Tf32) Launch<Tf32Number>(stream, left, right, c, narrow, sizes);
        else Launch<BFloat16Number>(stream, left, right, c, narrow, sizes);
    }

    private void Launch<TNumber>(AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes)
        where TNumber : struct, ITensorCoreNumber
    {
        switch (left.Layout.IsColumnMajor, right.Layout.IsColumnMajor)
        {
            case (false, false): Launch<TNumber, AlongDepth, AcrossLines>(stream, left, right, c, narrow, sizes); break;
            case (false, true): Launch<TNumber, AlongDepth, AlongDepth>(stream, left, right, c, narrow, sizes); break;
            case (true, false): Launch<TNumber, AcrossLines, AcrossLines>(stream, left, right, c, narrow, sizes); break;
            default: Launch<TNumber, AcrossLines, AlongDepth>(stream, left, right, c, narrow, sizes); break;
        }
    }

    private void Launch<TNumber, TLeft, TRight>(
        AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes)
        where TNumber : struct, ITensorCoreNumber
        where TLeft : struct, IFactorOrder
        where TRight : struct, IFactorOrder
    {
        if (TensorCoreChoice.AreWhole(sizes, TNumber.Bytes))
            kernels.Get(static accelerator => new TensorCoreKernel<TNumber, TLeft, TRight, WholeTiles>(accelerator)).Launch(stream, left, right, c, narrow, sizes);
        else
            kernels.Get(static accelerator => new TensorCoreKernel<TNumber, TLeft, TRight, AnyTiles>(accelerator)).Launch(stream, left, right, c, narrow, sizes);
    }
}
