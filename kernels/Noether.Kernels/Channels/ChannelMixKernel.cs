using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Channels;

/// <summary>Channels of matrices mixed, with a term for each row and one for each column: <see cref="ChannelMixSizes"/>.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile that a group of threads makes.</typeparam>
/// <typeparam name="TEdges">Whether bounds are checked.</typeparam>
/// <remarks>
/// Algorithm: for each of the batch a product w [outputs, inputs]·x [inputs, positions] with the tiles, buffers and registers of
///            <see cref="MatMulKernel{T,TTile,TLeft,TRight,TEdges}"/>; the terms are added as a tile is written.
/// Layout:    w [outputs, inputs], x [batch, inputs, rows, columns], r [batch, outputs, rows], q [batch, outputs, columns], y as x.
/// Cost:      2·batch·outputs·inputs·rows·columns operations; x is read once for each tile of outputs (from the second-level cache after the first),
///            y written once, the terms are small beside them.
/// Limit:     bandwidth below some 50 channels, multiplications above.
/// Order:     inputs in order, then the terms: equal bits on every run.
/// Reference: <see cref="ChannelMixReference"/>.
/// </remarks>
public sealed class ChannelMixKernel<T, TTile, TEdges>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TEdges : struct, IProductEdges
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ChannelMixSizes> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ChannelMixSizes>(
            Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    /// <summary>Enqueues the mixing; memories are aligned to 16 bytes.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="w">The weights' memory.</param>
    /// <param name="x">The matrices' memory.</param>
    /// <param name="rows">The row terms' memory.</param>
    /// <param name="columns">The column terms' memory.</param>
    /// <param name="y">The results' memory.</param>
    /// <param name="sizes">Sizes, and where operands begin.</param>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, ArrayView<T> y, in ChannelMixSizes sizes)
    {
        var groups = ProductPlace.Groups(sizes.Product, 4 * TTile.Side * TTile.Quads);
        if (groups > 0) launch(stream, Grids.Fixed(accelerator, "ChannelMix", groups, TTile.Side * TTile.Side), w, x, rows, columns, y, sizes);
    }

    private static void Kernel(ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, ArrayView<T> y, ChannelMixSizes sizes)
    {
        var place = ProductPlace.Of(sizes.Product, FactorReader<T, TTile, AlongDepth, TEdges>.Lines);
        var writer = new ChannelWriter<T, TEdges> { RowTerms = rows, ColumnTerms = columns, Output = y, Sizes = sizes, Matrix = place.Matrix };
        ProductRegisters<T, TTile>.Write(Sum(w, x, sizes, place), writer, place.Row, place.Column);
    }

    /// <summary>The calling thread's part of the products at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ProductRegisters<T, TTile> Sum(ArrayView<T> w, ArrayView<T> x, ChannelMixSizes sizes, ProductPlace place)
    {
        var product = sizes.Product;
        var weights = FactorReader<T, TTile, AlongDepth, TEdges>.Of(
            w, sizes.WeightStart, product.Inner, 1, place.Row, product.Rows, place.Begin, place.End);
        var channels = FactorReader<T, TTile, AcrossLines, TEdges>.Of(
            x, sizes.InputStart + (long)place.Matrix * product.Inner * product.Columns, 1, product.Columns, place.Column, product.Columns, place.Begin, place.End);
        return ProductLoop<T, TTile, FactorReader<T, TTile, AlongDepth, TEdges>, FactorReader<T, TTile, AcrossLines, TEdges>>.Sum(weights, channels, place);
    }
}
