using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Convolutions;

/// <summary>Convolutions over one to three axes, with every stride, padding, dilation and number of groups: <see cref="ConvolutionSizes"/>.</summary>
/// <typeparam name="T">float, double, int or long; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile that a group of threads makes.</typeparam>
/// <remarks>
/// Algorithm: implicit GEMM. For each group of channels y [features, images and points] = w [features, terms]·windows [terms, images and points]; the
///            windows are gathered from x on the way to shared memory; the rest is as in any product
///            (<see cref="ProductLoop{T,TTile,TLeft,TRight}"/>). The gradients of a convolution are convolutions: with zeros between the
///            inputs, or with the images as terms, which are then summed in parts.
/// Layout:    x strided, w and y dense; [parts, …] if the terms are split.
/// Cost:      2·batch·groups·features·points·terms operations; a gather is four loads and three divisions for each 4 elements of a tile.
/// Limit:     multiplications for many features; gathers for few.
/// Order:     channels, then kernel points, in order: equal bits on every run.
/// Reference: <see cref="ConvolutionReference"/>.
/// </remarks>
public sealed class ConvolutionKernel<T, TTile>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ConvolutionSizes> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ConvolutionSizes>(Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    /// <summary>Enqueues the convolution.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">The input's memory.</param>
    /// <param name="w">The kernel's memory.</param>
    /// <param name="y">The output's memory.</param>
    /// <param name="sizes">Sizes, rules and where operands lie.</param>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> w, ArrayView<T> y, in ConvolutionSizes sizes)
    {
        var groups = ProductPlace.Groups(sizes.Product, 4 * TTile.Side * TTile.Quads);
        if (groups > 0) launch(stream, Grids.Fixed(accelerator, "Convolution", groups, TTile.Side * TTile.Side), x, w, y, sizes);
    }

    private static void Kernel(ArrayView<T> x, ArrayView<T> w, ArrayView<T> y, ConvolutionSizes sizes)
    {
        var place = ProductPlace.Of(sizes.Product, FactorReader<T, TTile, AlongDepth, AnyTiles>.Lines);
        var sum = Sum(x, w, sizes, place);
        var points = sizes.Output.Product;
        var writer = new ImageWriter<T>
        {
            Output = y,
            Start = sizes.OutputStart + place.Part * sizes.Results + place.Matrix * sizes.OutputGroupStride,
            Step = sizes.OutputBatchStride,
            Points = points,
            Features = sizes.Features,
            Columns = sizes.Product.Columns,
        };
        ProductRegisters<T, TTile>.Write(sum, writer, place.Row, place.Column);
    }

    /// <summary>The calling thread's part of the tile at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ProductRegisters<T, TTile> Sum(ArrayView<T> x, ArrayView<T> w, ConvolutionSizes sizes, ProductPlace place)
    {
        var terms = sizes.Terms;
        var kernel = FactorReader<T, TTile, AlongDepth, AnyTiles>.Of(
            w, sizes.KernelStart + (long)place.Matrix * sizes.Features * terms, terms, 1, place.Row, sizes.Features, place.Begin, place.End);
        var windows = WindowReader<T, TTile>.Of(x, sizes, place.Matrix, place.Column, place.Begin, place.End);
        return ProductLoop<T, TTile, FactorReader<T, TTile, AlongDepth, AnyTiles>, WindowReader<T, TTile>>.Sum(kernel, windows, place);
    }
}
