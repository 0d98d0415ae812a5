using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Channels;

/// <summary>Channels of matrices mixed, terms added, and only what a program makes of the results stored: activation, residual, gate in the pass that multiplies.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <typeparam name="TTile">The tile that a group of threads makes.</typeparam>
/// <typeparam name="TEdges">Whether the factors' bounds are checked.</typeparam>
/// <typeparam name="TEpilogue">The emitted program and its operands.</typeparam>
/// <remarks>
/// Algorithm: <see cref="ChannelMixKernel{T,TTile,TEdges}"/> up to the sums, then the terms and the program on four positions at a time.
/// Layout:    operands as there; what the program reads and stores as in any elementwise kernel.
/// Cost:      a pass over the results, written and read, less than the two kernels.
/// Limit:     bandwidth below some 50 channels, multiplications above.
/// Order:     that of the mixing: the bits are those of the two kernels.
/// Reference: the two kernels.
/// </remarks>
public sealed class ChannelMixEpilogueKernel<T, TTile, TEdges, TEpilogue>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TEdges : struct, IProductEdges
    where TEpilogue : unmanaged, IProductEpilogue<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ChannelMixSizes, TEpilogue> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ChannelMixSizes, TEpilogue>(
            Kernel, new KernelSpecialization(TTile.Side * TTile.Side, null));

    /// <summary>Enqueues the mixing and its program; memories are aligned to 16 bytes.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="w">The weights' memory.</param>
    /// <param name="x">The matrices' memory.</param>
    /// <param name="rows">The row terms' memory.</param>
    /// <param name="columns">The column terms' memory.</param>
    /// <param name="sizes">Sizes, and where operands begin.</param>
    /// <param name="epilogue">The program's operands.</param>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, in ChannelMixSizes sizes, in TEpilogue epilogue)
    {
        var groups = ProductPlace.Groups(sizes.Product, 4 * TTile.Side * TTile.Quads);
        if (groups > 0) launch(stream, Grids.Fixed(accelerator, "ChannelMix", groups, TTile.Side * TTile.Side), w, x, rows, columns, sizes, epilogue);
    }

    private static void Kernel(ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, ChannelMixSizes sizes, TEpilogue epilogue)
    {
        var place = ProductPlace.Of(sizes.Product, FactorReader<T, TTile, AlongDepth, TEdges>.Lines);
        var sum = ChannelMixKernel<T, TTile, TEdges>.Sum(w, x, sizes, place);
        var terms = new ChannelTerms<T, TEpilogue> { RowTerms = rows, ColumnTerms = columns, Sizes = sizes, Epilogue = epilogue };
        EpilogueWriter<T, MatrixOrder, ChannelTerms<T, TEpilogue>>.Write<TTile>(sum, default, MatrixOrder.Of(sizes.Product, place.Matrix), terms, place.Row, place.Column);
    }
}
