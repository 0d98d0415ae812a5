using System.Numerics;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void ArgSort(bool descending, View x, View y, long outer, long n, long inner)
    {
        switch (x.Type)
        {
            case DType.Float32: Sorting.Argsort(Address<float>(x), Address<long>(y), null, outer, checked((int)n), inner, descending); break;
            case DType.Int32: Sorting.Argsort(Address<int>(x), Address<long>(y), null, outer, checked((int)n), inner, descending); break;
            case DType.Float64: Sorting.Argsort(Address<double>(x), Address<long>(y), null, outer, checked((int)n), inner, descending); break;
            case DType.Int64: Sorting.Argsort(Address<long>(x), Address<long>(y), null, outer, checked((int)n), inner, descending); break;
            default: Sorting.Argsort(Address<byte>(x), Address<long>(y), null, outer, checked((int)n), inner, descending); break;
        }
    }

    internal override void TopK(int count, bool descending, View x, View values, View indices, long outer, long n, long inner)
    {
        switch (x.Type)
        {
            case DType.Float32: TopK<float>(count, descending, x, values, indices, outer, checked((int)n), inner); break;
            case DType.Int32: TopK<int>(count, descending, x, values, indices, outer, checked((int)n), inner); break;
            case DType.Float64: TopK<double>(count, descending, x, values, indices, outer, checked((int)n), inner); break;
            case DType.Int64: TopK<long>(count, descending, x, values, indices, outer, checked((int)n), inner); break;
            default: TopK<byte>(count, descending, x, values, indices, outer, checked((int)n), inner); break;
        }
    }

    private static void TopK<T>(int count, bool descending, View x, View values, View indices, long outer, int n, long inner)
        where T : unmanaged, INumber<T>
    {
        T* from = Address<T>(x), to = Address<T>(values);
        var places = Address<long>(indices);
        if (count <= Math.Min(n / 4, Selecting.Most))
        {
            Selecting.Run(from, to, places, count, outer, n, inner, descending);
            return;
        }

        if (count == n)
        {
            Sorting.Argsort(from, places, to, outer, n, inner, descending);
            return;
        }

        // Sorted whole, and the beginning kept.
        using var valueScratch = Workspace.Rent<T>(x.Size);
        using var placeScratch = Workspace.Rent<long>(x.Size);
        Sorting.Argsort(from, placeScratch.As<long>(), valueScratch.As<T>(), outer, n, inner, descending);
        for (long o = 0; o < outer; o++)
        {
            new ReadOnlySpan<T>(valueScratch.As<T>() + o * n * inner, checked((int)(count * inner))).CopyTo(new(to + o * count * inner, (int)(count * inner)));
            new ReadOnlySpan<long>(placeScratch.As<long>() + o * n * inner, (int)(count * inner)).CopyTo(new(places + o * count * inner, (int)(count * inner)));
        }
    }

    internal override void ScatterExtremumIndex(bool largest, View x, View index, View y, long outer, long n, long inner)
    {
        var at = Positions(index, out var scratch);
        using (scratch)
        {
            switch (x.Type)
            {
                case DType.Float32: Indexing.ScatterExtremumIndex(largest, Address<float>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
                case DType.Float64: Indexing.ScatterExtremumIndex(largest, Address<double>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
                case DType.Int32: Indexing.ScatterExtremumIndex(largest, Address<int>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
                default: Indexing.ScatterExtremumIndex(largest, Address<long>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
            }
        }
    }
}
