using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>The kernels of products, each loaded when its tile and layouts are first met.</summary>
public static class MatMulKernels
{
    /// <summary>Enqueues the products with a given tile; <see cref="MatMulKernel{T,TTile,TLeft,TRight,TEdges}.Launch"/>, <see cref="SmallProductKernel{T}.Launch"/>.</summary>
    public static void Launch<T>(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream,
        ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, ArrayView<T> c, in ProductSizes sizes)
        where T : unmanaged, INumber<T>
    {
        if (tile == ProductTileKind.Whole) kernels.Get(static accelerator => new SmallProductKernel<T>(accelerator)).Launch(stream, a, left, b, right, c, sizes);
        else ProductLaunches.Launch(new Product<T>(kernels, stream, a, left, b, right, c, sizes), tile, left.IsColumnMajor, right.IsColumnMajor);
    }

    /// <summary>Enqueues products and their tangents with a given tile; <see cref="DualMatMulKernel{T,TTile,TLeft,TRight,TEdges}.Launch"/>.</summary>
    public static void LaunchDual<T>(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right,
        ArrayView<T> c, ArrayView<T> tangent, in ProductSizes sizes, long tangentStart)
        where T : unmanaged, INumber<T> =>
        ProductLaunches.Launch(
            new Dual<T>(kernels, stream, left, right, c, tangent, sizes, tangentStart),
            tile == ProductTileKind.Medium ? tile : ProductTileKind.Small, left.Layout.IsColumnMajor, right.Layout.IsColumnMajor);

    private readonly struct Product<T>(
        KernelCache kernels, AcceleratorStream stream, ArrayView<T> a, MatrixLayout left, ArrayView<T> b, MatrixLayout right, ArrayView<T> c, ProductSizes sizes) : IProductLaunch
        where T : unmanaged, INumber<T>
    {
        public bool AreWhole<TTile>()
            where TTile : struct, IProductTile => sizes.AreWhole<TTile>() && left.HasQuads && right.HasQuads;

        public void Launch<TTile, TLeft, TRight, TEdges>()
            where TTile : struct, IProductTile
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new MatMulKernel<T, TTile, TLeft, TRight, TEdges>(accelerator)).Launch(stream, a, left, b, right, c, sizes);
    }

    private readonly struct Dual<T>(
        KernelCache kernels, AcceleratorStream stream, DualFactor<T> left, DualFactor<T> right, ArrayView<T> c, ArrayView<T> tangent, ProductSizes sizes, long tangentStart) : IProductLaunch
        where T : unmanaged, INumber<T>
    {
        public bool AreWhole<TTile>()
            where TTile : struct, IProductTile => sizes.AreWhole<TTile>() && tangentStart % 4 == 0 && left.HasQuads && right.HasQuads;

        public void Launch<TTile, TLeft, TRight, TEdges>()
            where TTile : struct, IProductTile
            where TLeft : struct, IFactorOrder
            where TRight : struct, IFactorOrder
            where TEdges : struct, IProductEdges =>
            kernels.Get(static accelerator => new DualMatMulKernel<T, TTile, TLeft, TRight, TEdges>(accelerator)).Launch(stream, left, right, c, tangent, sizes, tangentStart);
    }
}
