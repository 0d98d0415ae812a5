using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.MatMul;

/// <summary>The kernels of products, each loaded when its tile and layouts are first met.</summary>
public static class MatMulKernels
{
    /// <summary>Enqueues the products with a given tile; <see cref="MatMulKernel{T,TTile,TLeft,TRight,TEdges}.Launch"/>.</summary>
    public static void Launch<T>(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream,
        ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, ArrayView<T> c, in ProductSizes sizes)
        where T : unmanaged, INumber<T>
    {
        switch (tile)
        {
            case ProductTileKind.Large: Launch<T, LargeTile>(kernels, stream, a, left, b, right, c, sizes); break;
            case ProductTileKind.Medium: Launch<T, MediumTile>(kernels, stream, a, left, b, right, c, sizes); break;
            case ProductTileKind.Thin: Launch<T, ThinTile>(kernels, stream, a, left, b, right, c, sizes); break;
            default: Launch<T, SmallTile>(kernels, stream, a, left, b, right, c, sizes); break;
        }
    }

    /// <summary>Enqueues products and their tangents with a given tile; <see cref="DualMatMulKernel{T,TTile,TLeft,TRight,TEdges}.Launch"/>.</summary>
    public static void LaunchDual<T>(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right,
        ArrayView<T> c, ArrayView<T> tangent, in ProductSizes sizes, long tangentStart)
        where T : unmanaged, INumber<T>
    {
        if (tile == ProductTileKind.Medium) LaunchDual<T, MediumTile>(kernels, stream, left, right, c, tangent, sizes, tangentStart);
        else LaunchDual<T, SmallTile>(kernels, stream, left, right, c, tangent, sizes, tangentStart);
    }

    private static void Launch<T, TTile>(
        KernelCache kernels, AcceleratorStream stream,
        ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, ArrayView<T> c, in ProductSizes sizes)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile
    {
        switch (left.IsColumnMajor, right.IsColumnMajor)
        {
            case (false, false): Launch<T, TTile, AlongDepth, AcrossLines>(kernels, stream, a, left, b, right, c, sizes); break;
            case (false, true): Launch<T, TTile, AlongDepth, AlongDepth>(kernels, stream, a, left, b, right, c, sizes); break;
            case (true, false): Launch<T, TTile, AcrossLines, AcrossLines>(kernels, stream, a, left, b, right, c, sizes); break;
            default: Launch<T, TTile, AcrossLines, AlongDepth>(kernels, stream, a, left, b, right, c, sizes); break;
        }
    }

    private static void Launch<T, TTile, TLeft, TRight>(
        KernelCache kernels, AcceleratorStream stream,
        ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, ArrayView<T> c, in ProductSizes sizes)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile
        where TLeft : struct, IFactorOrder
        where TRight : struct, IFactorOrder
    {
        if (sizes.AreWhole<TTile>() && left.HasQuads && right.HasQuads)
            kernels.Get(static accelerator => new MatMulKernel<T, TTile, TLeft, TRight, WholeTiles>(accelerator)).Launch(stream, a, left, b, right, c, sizes);
        else
            kernels.Get(static accelerator => new MatMulKernel<T, TTile, TLeft, TRight, AnyTiles>(accelerator)).Launch(stream, a, left, b, right, c, sizes);
    }

    private static void LaunchDual<T, TTile>(
        KernelCache kernels, AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right,
        ArrayView<T> c, ArrayView<T> tangent, in ProductSizes sizes, long tangentStart)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile
    {
        switch (left.Layout.IsColumnMajor, right.Layout.IsColumnMajor)
        {
            case (false, false): LaunchDual<T, TTile, AlongDepth, AcrossLines>(kernels, stream, left, right, c, tangent, sizes, tangentStart); break;
            case (false, true): LaunchDual<T, TTile, AlongDepth, AlongDepth>(kernels, stream, left, right, c, tangent, sizes, tangentStart); break;
            case (true, false): LaunchDual<T, TTile, AcrossLines, AcrossLines>(kernels, stream, left, right, c, tangent, sizes, tangentStart); break;
            default: LaunchDual<T, TTile, AcrossLines, AlongDepth>(kernels, stream, left, right, c, tangent, sizes, tangentStart); break;
        }
    }

    private static void LaunchDual<T, TTile, TLeft, TRight>(
        KernelCache kernels, AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right,
        ArrayView<T> c, ArrayView<T> tangent, in ProductSizes sizes, long tangentStart)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile
        where TLeft : struct, IFactorOrder
        where TRight : struct, IFactorOrder
    {
        if (sizes.AreWhole<TTile>() && tangentStart % 4 == 0 && left.HasQuads && right.HasQuads)
            kernels.Get(static accelerator => new DualMatMulKernel<T, TTile, TLeft, TRight, WholeTiles>(accelerator)).Launch(stream, left, right, c, tangent, sizes, tangentStart);
        else
            kernels.Get(static accelerator => new DualMatMulKernel<T, TTile, TLeft, TRight, AnyTiles>(accelerator)).Launch(stream, left, right, c, tangent, sizes, tangentStart);
    }
}
