using System.Numerics;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Channels;
using Noether.Kernels.Convolutions;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;

namespace Noether.Kernels.MatMul;

/// <summary>An epilogue whose program is a type.</summary>
/// <typeparam name="T">The products' element.</typeparam>
/// <typeparam name="TEpilogue">What was emitted.</typeparam>
internal sealed class EmittedEpilogue<T, TEpilogue>(LaneProgram program, MethodInfo fill) : ProductEpilogue<T>(program)
    where T : unmanaged, INumber<T>
    where TEpilogue : unmanaged, IProductEpilogue<T>
{
    private readonly Filler fill = fill.CreateDelegate<Filler>();

    private delegate TEpilogue Filler(
        long count, ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs, ReadOnlySpan<long> numbers, int aligned, ElementwiseParts parts);

    public override void MatMul(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream,
        ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, in ProductSizes sizes, in EpilogueOperands operands)
    {
        var epilogue = Fill(sizes, operands);
        if (tile == ProductTileKind.Whole) kernels.Get(static accelerator => new SmallProductEpilogueKernel<T, TEpilogue>(accelerator)).Launch(stream, a, left, b, right, sizes, epilogue);
        else ProductLaunches.Launch(new Product(kernels, stream, a, left, b, right, sizes, epilogue), tile, left.IsColumnMajor, right.IsColumnMajor);
    }

    public override void DualMatMul(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right, in ProductSizes sizes, in EpilogueOperands operands)
    {
        var epilogue = Fill(sizes, operands);
        ProductLaunches.Launch(new Dual(kernels, stream, left, right, sizes, epilogue), tile, left.Layout.IsColumnMajor, right.Layout.IsColumnMajor);
    }

    public override void Convolve(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream, ArrayView<T> x, ArrayView<T> w, in ConvolutionSizes sizes, in EpilogueOperands operands)
    {
        var epilogue = Fill(sizes.Results, operands, hasFours: sizes.Output.Product % 4 == 0);
        switch (tile)
        {
            case ProductTileKind.Large: Convolve<LargeTile>(kernels, stream, x, w, sizes, epilogue); break;
            case ProductTileKind.Medium: Convolve<MediumTile>(kernels, stream, x, w, sizes, epilogue); break;
            case ProductTileKind.Thin: Convolve<ThinTile>(kernels, stream, x, w, sizes, epilogue); break;
            default: Convolve<SmallTile>(kernels, stream, x, w, sizes, epilogue); break;
        }
    }

    public override void MixChannels(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream,
        ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, in ChannelMixSizes sizes, in EpilogueOperands operands)
    {
        var epilogue = Fill(sizes.Product, operands);
        ChannelMixKernels.Launch(new Mixing(kernels, stream, w, x, rows, columns, sizes, epilogue), tile);
    }

    internal override void End<TLaunch>(in TLaunch launch, in ProductSizes sizes, in EpilogueOperands operands) => launch.Launch(Fill(sizes, operands));

    private static void Convolve<TTile>(
        KernelCache kernels, AcceleratorStream stream, ArrayView<T> x, ArrayView<T> w, in ConvolutionSizes sizes, in TEpilogue epilogue)
        where TTile : struct, IProductTile =>
        kernels.Get(static accelerator => new ConvolutionEpilogueKernel<T, TTile, TEpilogue>(accelerator)).Launch(stream, x, w, sizes, epilogue);

    private TEpilogue Fill(in ProductSizes sizes, in EpilogueOperands operands) =>
        Fill((long)sizes.Batch * sizes.Rows * sizes.Columns, operands, hasFours: sizes.Columns % 4 == 0);

    private TEpilogue Fill(long count, in EpilogueOperands operands, bool hasFours) =>
        fill(count, operands.Inputs, operands.Maps, operands.Outputs, operands.Numbers, Aligned(operands, hasFours), default);

    private readonly struct Product(
        KernelCache kernels, AcceleratorStream stream, ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, ProductSizes sizes, TEpilogue epilogue) : IProductLaunch
    {
        public bool AreWhole<TTile>()
            where TTile : struct, IProductTile => sizes.AreWhole<TTile>() && left.HasQuads && right.HasQuads;

        public void Launch<TTile, TLeft, TRight, TEdges>()
            where TTile : struct, IProductTile
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new MatMulEpilogueKernel<T, TTile, TLeft, TRight, TEdges, TEpilogue>(accelerator))
                .Launch(stream, a, left, b, right, sizes, epilogue);
    }

    private readonly struct Mixing(
        KernelCache kernels, AcceleratorStream stream, ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, ChannelMixSizes sizes, TEpilogue epilogue) : IProductLaunch
    {
        public bool AreWhole<TTile>()
            where TTile : struct, IProductTile => sizes.AreWhole<TTile>();

        public void Launch<TTile, TLeft, TRight, TEdges>()
            where TTile : struct, IProductTile
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new ChannelMixEpilogueKernel<T, TTile, TEdges, TEpilogue>(accelerator)).Launch(stream, w, x, rows, columns, sizes, epilogue);
    }

    private readonly struct Dual(
        KernelCache kernels, AcceleratorStream stream, DualFactor<T> left, DualFactor<T> right, ProductSizes sizes, TEpilogue epilogue) : IProductLaunch
    {
        public bool AreWhole<TTile>()
            where TTile : struct, IProductTile => sizes.AreWhole<TTile>() && left.HasQuads && right.HasQuads;

        public void Launch<TTile, TLeft, TRight, TEdges>()
            where TTile : struct, IProductTile
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new DualMatMulEpilogueKernel<T, TTile, TLeft, TRight, TEdges, TEpilogue>(accelerator)).Launch(stream, left, right, sizes, epilogue);
    }
}
