using System.Numerics;
using Noether.Kernels.Reductions;
using Noether.Kernels.Scans;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void Reduce(Reduction reduction, View x, View y, long outer, long reduced, long inner)
    {
        if (y.Size == 0) return;
        switch (x.Type)
        {
            case DType.Float32: Reduce<float>(reduction, x, y, outer, reduced, inner); break;
            case DType.Float64: Reduce<double>(reduction, x, y, outer, reduced, inner); break;
            case DType.Int32: Reduce<int>(reduction, x, y, outer, reduced, inner); break;
            case DType.Int64: Reduce<long>(reduction, x, y, outer, reduced, inner); break;
            default: Reduce<byte>(reduction, x, y, outer, reduced, inner); break;
        }
    }

    internal override void Scan(Reduction reduction, bool reverse, View x, View y, long outer, long n, long inner)
    {
        if (y.Size == 0) return;
        switch (x.Type)
        {
            case DType.Float32: Scan<float>(reduction, reverse, x, y, n, inner); break;
            case DType.Float64: Scan<double>(reduction, reverse, x, y, n, inner); break;
            case DType.Int32: Scan<int>(reduction, reverse, x, y, n, inner); break;
            default: Scan<long>(reduction, reverse, x, y, n, inner); break;
        }
    }

    private void Scan<T>(Reduction reduction, bool reverse, View x, View y, long n, long inner)
        where T : unmanaged, INumber<T>
    {
        switch (reduction)
        {
            case Reduction.Sum: Run<Sum<T>, T>(x, y, n, inner, reverse); break;
            case Reduction.Product: Run<Product<T>, T>(x, y, n, inner, reverse); break;
            case Reduction.Min: Run<Minimum<T>, T>(x, y, n, inner, reverse); break;
            case Reduction.Max: Run<Maximum<T>, T>(x, y, n, inner, reverse); break;
            default: throw new DeviceException($"Scan: {this} has no running {reduction}");
        }
    }

    private void Run<TOperation, T>(View x, View y, long n, long inner, bool reverse)
        where TOperation : struct, IReduction<T, T, T>
        where T : unmanaged
    {
        var kernel = Kernels.Get(static accelerator => new ScanKernel<TOperation, T>(accelerator));
        var storage = Scratch<T>(kernel.Scratch(y.Size, n, inner), out var scratch);
        kernel.Launch(Stream, Dense<T>(x), Dense<T>(y), n, inner, scratch, reverse);
        storage.Release();
    }

    private void Reduce<T>(Reduction reduction, View x, View y, long outer, long reduced, long inner)
        where T : unmanaged, INumber<T>
    {
        switch (reduction)
        {
            case Reduction.Sum: Fold<Sum<T>, T, T, T>(x, y, outer, reduced, inner); break;
            case Reduction.Product: Fold<Product<T>, T, T, T>(x, y, outer, reduced, inner); break;
            case Reduction.SumOfSquares: Fold<SumOfSquares<T>, T, T, T>(x, y, outer, reduced, inner); break;
            case Reduction.Min: Fold<Minimum<T>, T, T, T>(x, y, outer, reduced, inner); break;
            case Reduction.Max: Fold<Maximum<T>, T, T, T>(x, y, outer, reduced, inner); break;
            case Reduction.ArgMin: Fold<ArgMinimum<T>, T, Candidate<T>, long>(x, y, outer, reduced, inner); break;
            case Reduction.ArgMax: Fold<ArgMaximum<T>, T, Candidate<T>, long>(x, y, outer, reduced, inner); break;
            case Reduction.Any when x.Type == DType.Bool: Fold<Any, byte, byte, byte>(x, y, outer, reduced, inner); break;
            case Reduction.All when x.Type == DType.Bool: Fold<All, byte, byte, byte>(x, y, outer, reduced, inner); break;
            default: throw new DeviceException($"{reduction}: {this} has no kernel for {x.Type.Name()}");
        }
    }

    private void Fold<TOperation, TInput, TPartial, TOutput>(View x, View y, long outer, long reduced, long inner)
        where TOperation : struct, IReduction<TInput, TPartial, TOutput>
        where TInput : unmanaged
        where TPartial : unmanaged
        where TOutput : unmanaged
    {
        if (Shuffles && typeof(TInput) != typeof(byte)) Fold<TOperation, TInput, TPartial, TOutput, ShuffleJoin>(x, y, outer, reduced, inner);
        else Fold<TOperation, TInput, TPartial, TOutput, SharedJoin>(x, y, outer, reduced, inner);
    }

    private void Fold<TOperation, TInput, TPartial, TOutput, TJoin>(View x, View y, long outer, long reduced, long inner)
        where TOperation : struct, IReduction<TInput, TPartial, TOutput>
        where TInput : unmanaged
        where TPartial : unmanaged
        where TOutput : unmanaged
        where TJoin : struct, IGroupJoin
    {
        var kernel = Kernels.Get(static accelerator => new ReduceKernel<TOperation, TInput, TPartial, TOutput, TJoin>(accelerator));
        var sizes = kernel.Sizes(Dense<TInput>(x), outer, reduced, inner);
        var storage = Scratch<TPartial>(sizes.Partials, out var scratch);
        kernel.Launch(Stream, Dense<TInput>(x), Dense<TOutput>(y), sizes, scratch);
        storage.Release();
    }
}
