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
        where T : unmanaged, INumber<T>
    {
        switch (tile)
        {
            case ProductTileKind.Large: Launch<T, LargeTile>(kernels, stream, w, x, rows, columns, y, sizes); break;
            case ProductTileKind.Medium: Launch<T, MediumTile>(kernels, stream, w, x, rows, columns, y, sizes); break;
            case ProductTileKind.Thin: Launch<T, ThinTile>(kernels, stream, w, x, rows, columns, y, sizes); break;
            default: Launch<T, SmallTile>(kernels, stream, w, x, rows, columns, y, sizes); break;
        }
    }

    private static void Launch<T, TTile>(
        KernelCache kernels, AcceleratorStream stream,
        ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, ArrayView<T> y, in ChannelMixSizes sizes)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile
    {
        if (sizes.Product.AreWhole<TTile>() && sizes.HasQuads && sizes.WeightStart % 4 == 0)
            kernels.Get(static accelerator => new ChannelMixKernel<T, TTile, WholeTiles>(accelerator)).Launch(stream, w, x, rows, columns, y, sizes);
        else
            kernels.Get(static accelerator => new ChannelMixKernel<T, TTile, AnyTiles>(accelerator)).Launch(stream, w, x, rows, columns, y, sizes);
    }
}
