using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Convolutions;

/// <summary>Convolutions of which only what a program makes of their elements is stored: bias, activation, residual in the pass that multiplies.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile that a group of threads makes.</typeparam>
/// <typeparam name="TEpilogue">The emitted program and its operands.</typeparam>
/// <remarks>
/// Algorithm: <see cref="ConvolutionKernel{T,TTile}"/>, then the program on four points at a time, or one by one if points of an image are no multiple of four.
/// Layout:    x and w as there, the terms in one part; what the program reads and stores as in any elementwise kernel.
/// Cost:      a pass over the results, written and read, less than the two kernels.
/// Limit:     multiplications for many features; gathers for few.
/// Order:     that of the convolution: the bits are those of the two kernels.
/// Reference: the two kernels.
/// </remarks>
public sealed class ConvolutionEpilogueKernel<T, TTile, TEpilogue>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TEpilogue : unmanaged, IProductEpilogue<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ConvolutionSizes, TEpilogue> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ConvolutionSizes, TEpilogue>(Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    /// <summary>Enqueues the convolution and its program.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">The input's memory.</param>
    /// <param name="w">The kernel's memory.</param>
    /// <param name="sizes">Sizes, rules and where operands lie; the terms in one part.</param>
    /// <param name="epilogue">The program's operands.</param>
    /// <exception cref="ArgumentException">The terms are split.</exception>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> w, in ConvolutionSizes sizes, in TEpilogue epilogue)
    {
        if (sizes.Product.Parts != 1) throw new ArgumentException($"Convolution: an epilogue after {sizes.Terms} terms in {sizes.Product.Parts} parts; it follows one");
        var groups = ProductPlace.Groups(sizes.Product, 4 * TTile.Side * TTile.Quads);
        if (groups > 0) launch(stream, Grids.Fixed(accelerator, "Convolution", groups, TTile.Side * TTile.Side), x, w, sizes, epilogue);
    }

    private static void Kernel(ArrayView<T> x, ArrayView<T> w, ConvolutionSizes sizes, TEpilogue epilogue)
    {
        var place = ProductPlace.Of(sizes.Product, FactorReader<T, TTile, AlongDepth, AnyTiles>.Lines);
        var sum = ConvolutionKernel<T, TTile>.Sum(x, w, sizes, place);
        EpilogueWriter<T, ImageOrder, TEpilogue>.Write(sum, default, ImageOrder.Of(sizes, place.Matrix), epilogue, place.Row, place.Column);
    }
}
