using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels;
using Noether.Kernels.Indexing;
using Noether.Kernels.Random;
using Noether.Kernels.Sorting;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    // Not on OpenCL: ILGPU's atomics want generic pointers, which processors lack.
    private bool AddsAtomically => ScatterOrder == ScatterOrder.Atomic && Accelerator.AcceleratorType != AcceleratorType.OpenCL;

    internal override void Take(View x, View index, View y, long outer, long n, long inner)
    {
        if (y.Size == 0) return;
        if (n == 0) throw new AxisException($"Take: {index.Size} indices into an axis of 0");
        var bytes = x.Type.Bytes();
        var (source, destination) = (Bytes(x, x.Size), Bytes(y, y.Size));
        var unit = Grids.UnitOf(inner * bytes, source, destination);
        inner = inner * bytes / unit;
        switch (unit)
        {
            case 1: Take<byte>(source, index, destination, n, inner); break;
            case 2: Take<short>(source, index, destination, n, inner); break;
            case 4: Take<int>(source, index, destination, n, inner); break;
            case 8: Take<long>(source, index, destination, n, inner); break;
            default: Take<Four<int>>(source, index, destination, n, inner); break;
        }
    }

    internal override void ScatterAdd(View x, View index, View y, long outer, long n, long inner)
    {
        if (x.Size == 0 || y.Size == 0) return;
        switch (y.Type)
        {
            case DType.Float32 when AddsAtomically: ScatterAdd<AtomicAddFloat32, float>(x, index, y, n, inner); break;
            case DType.Float64 when AddsAtomically: ScatterAdd<AtomicAddFloat64, double>(x, index, y, n, inner); break;
            case DType.Float32: ScatterAdd<float>(x, index, y, n, inner); break;
            case DType.Float64: ScatterAdd<double>(x, index, y, n, inner); break;
            case DType.Int32: ScatterAdd<int>(x, index, y, n, inner); break;
            default: ScatterAdd<long>(x, index, y, n, inner); break;
        }
    }

    internal override void RandomBits(View keys, View y, long each)
    {
        if (y.Size == 0) return;
        Kernels.Get(static accelerator => new PhiloxKernel(accelerator)).Launch(Stream, Dense<int>(keys), Dense<int>(y), each);
    }

    internal override void ArgSort(bool descending, View x, View y, long outer, long n, long inner)
    {
        if (y.Size == 0) return;
        if (inner > 1)
        {
            SortAcross(descending, x, y, checked((int)outer), checked((int)n), checked((int)inner));
            return;
        }

        switch (x.Type)
        {
            case DType.Float32: ArgSort<float, Float32SortKey>(descending, x, y, n); break;
            case DType.Float64: ArgSort<double, Float64SortKey>(descending, x, y, n); break;
            case DType.Int32: ArgSort<int, Int32SortKey>(descending, x, y, n); break;
            case DType.Int64: ArgSort<long, Int64SortKey>(descending, x, y, n); break;
            default: ArgSort<byte, ByteSortKey>(descending, x, y, n); break;
        }
    }

    private void Take<T>(ArrayView<byte> x, View index, ArrayView<byte> y, long n, long inner)
        where T : unmanaged
    {
        var kernel = Kernels.Get(static accelerator => new TakeKernel<T>(accelerator));
        if (index.Type == DType.Int32) kernel.Launch(Stream, x.Cast<T>(), Dense<int>(index), y.Cast<T>(), n, inner);
        else kernel.Launch(Stream, x.Cast<T>(), Dense<long>(index), y.Cast<T>(), n, inner);
    }

    private void ScatterAdd<T>(View x, View index, View y, long n, long inner)
        where T : unmanaged, INumber<T>
    {
        var kernel = Kernels.Get(static accelerator => new ScatterKernel<ScatterAdd<T>, T>(accelerator));
        var storage = Scratch<int>(kernel.Scratch(index.Size), out var scratch);
        if (index.Type == DType.Int32) kernel.Launch(Stream, Dense<T>(x), Dense<int>(index), Dense<T>(y), n, inner, scratch);
        else kernel.Launch(Stream, Dense<T>(x), Dense<long>(index), Dense<T>(y), n, inner, scratch);
        storage.Release();
    }

    private void ScatterAdd<TAdd, T>(View x, View index, View y, long n, long inner)
        where TAdd : struct, IAtomicAdd<T>
        where T : unmanaged
    {
        var kernel = Kernels.Get(static accelerator => new AtomicScatterKernel<TAdd, T>(accelerator));
        if (index.Type == DType.Int32) kernel.Launch(Stream, Dense<T>(x), Dense<int>(index), Dense<T>(y), n, inner);
        else kernel.Launch(Stream, Dense<T>(x), Dense<long>(index), Dense<T>(y), n, inner);
    }

    private void ArgSort<T, TKey>(bool descending, View x, View y, long n)
        where T : unmanaged
        where TKey : struct, ISortKey<T>
    {
        var kernel = Kernels.Get(static accelerator => new ArgSortKernel<T, TKey>(accelerator));
        var columns = checked((int)n);
        var storage = Scratch<int>(y.Size + kernel.Scratch(y.Size, columns), out var scratch);
        kernel.Launch(Stream, Dense<T>(x), Dense<long>(y), scratch, columns, descending);
        storage.Release();
    }

    // The kernel sorts rows: an axis with others behind it is moved there and back.
    private void SortAcross(bool descending, View x, View y, int outer, int n, int inner)
    {
        var rows = NewView([outer, inner, n], x.Type);
        var order = NewView([outer, inner, n], DType.Int64);
        Copy(Transposed(x), rows);
        ArgSort(descending, rows, order, (long)outer * inner, n, 1);
        Copy(order, Transposed(y));
        rows.Storage.Release();
        order.Storage.Release();

        View Transposed(View view) => view.With(new Layout([outer, inner, n], [(long)n * inner, 1, inner], view.Layout.Offset));
    }
}
