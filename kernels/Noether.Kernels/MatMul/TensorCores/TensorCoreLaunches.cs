using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Noether.Kernels.Cuda;

namespace Noether.Kernels.MatMul;

/// <summary>How kernels of tensor cores are loaded and launched, and chosen by what the launch knows as values.</summary>
internal static class TensorCoreLaunches
{
    /// <summary>Loads a kernel and allows it the shared memory that it takes.</summary>
    /// <exception cref="NotSupportedException">The accelerator is not CUDA.</exception>
    public static TDelegate Load<TDelegate>(Accelerator accelerator, MethodInfo method)
        where TDelegate : Delegate
    {
        var loaded = KernelLoading.Load(accelerator, method, new KernelSpecialization(TensorCoreTile.Threads, null));
        if (loaded is not CudaKernel kernel) throw new NotSupportedException($"MatMul: {accelerator.Name} has no tensor cores that PTX reaches");
        Driver.AllowSharedMemory(kernel, TensorCoreTile.SharedBytes);
        return loaded.CreateLauncherDelegate<TDelegate>();
    }

    /// <summary>A group for each tile; null if there is none.</summary>
    public static KernelConfig? ConfigOf(Accelerator accelerator, in ProductSizes sizes)
    {
        var groups = ProductPlace.Groups(sizes, TensorCoreTile.Lines);
        if (groups == 0) return null;
        var grid = Grids.Fixed(accelerator, "MatMul", groups, TensorCoreTile.Threads);
        return new(grid.GridDim, grid.GroupDim, SharedMemoryConfig.RequestDynamic<Four<float>>(TensorCoreTile.SharedBytes / 16));
    }

    /// <summary>Launches with the number, the order in which each factor is read, and edges that the factors and sizes say.</summary>
    public static void Launch<TLaunch>(in TLaunch launch, TensorCoreFormat format, in MatrixLayout left, in MatrixLayout right, in ProductSizes sizes)
        where TLaunch : struct, ITensorCoreLaunch
    {
        if (format == TensorCoreFormat.Tf32) Launch<TLaunch, Tf32Number>(launch, left, right, sizes);
        else Launch<TLaunch, BFloat16Number>(launch, left, right, sizes);
    }

    private static void Launch<TLaunch, TNumber>(in TLaunch launch, in MatrixLayout left, in MatrixLayout right, in ProductSizes sizes)
        where TLaunch : struct, ITensorCoreLaunch
        where TNumber : struct, ITensorCoreNumber
    {
        switch (left.IsColumnMajor, right.IsColumnMajor)
        {
            case (false, false): Launch<TLaunch, TNumber, AlongDepth, AcrossLines>(launch, sizes); break;
            case (false, true): Launch<TLaunch, TNumber, AlongDepth, AlongDepth>(launch, sizes); break;
            case (true, false): Launch<TLaunch, TNumber, AcrossLines, AcrossLines>(launch, sizes); break;
            default: Launch<TLaunch, TNumber, AcrossLines, AlongDepth>(launch, sizes); break;
        }
    }

    private static void Launch<TLaunch, TNumber, TLeft, TRight>(in TLaunch launch, in ProductSizes sizes)
        where TLaunch : struct, ITensorCoreLaunch
        where TNumber : struct, ITensorCoreNumber
        where TLeft : struct, IFactorOrder
        where TRight : struct, IFactorOrder
    {
        if (TensorCoreChoice.AreWhole(sizes, TNumber.Bytes)) launch.Launch<TNumber, TLeft, TRight, WholeTiles>();
        else launch.Launch<TNumber, TLeft, TRight, AnyTiles>();
    }
}
