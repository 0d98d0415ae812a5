using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Channels;

/// <summary>The kernels that mix channels, each loaded when its tile is first met.</summary>
public static class ChannelMixKernels
{
    /// <summary>Enqueues a mixing with a given tile; <see cref="ChannelMixKernel{T,TTile,TEdges}.Launch"/>.</summary>
    public static void Launch<T>(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream,
        ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, ArrayView<T> y, in ChannelMixSizes sizes)
        where T : unmanaged, INumber<T> =>
        Launch(new Mixing<T>(kernels, stream, w, x, rows, columns, y, sizes), tile);

    /// <summary>Launches with a tile; both factors are read as they lie.</summary>
    internal static void Launch<TLaunch>(in TLaunch launch, ProductTileKind tile)
        where TLaunch : struct, IProductLaunch => ProductLaunches.Launch(launch, tile, isLeftColumnMajor: false, isRightColumnMajor: false);

    private readonly struct Mixing<T>(
        KernelCache kernels, AcceleratorStream stream,
        ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, ArrayView<T> y, ChannelMixSizes sizes) : IProductLaunch
        where T : unmanaged, INumber<T>
    {
        public bool AreWhole<TTile>()
            where TTile : struct, IProductTile => sizes.AreWhole<TTile>();

        public void Launch<TTile, TLeft, TRight, TEdges>()
            where TTile : struct, IProductTile
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new ChannelMixKernel<T, TTile, TEdges>(accelerator)).Launch(stream, w, x, rows, columns, y, sizes);
    }
}
