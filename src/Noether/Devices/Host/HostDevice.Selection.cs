namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void ArgSort(bool descending, View x, View y, long outer, long n, long inner)
    {
        switch (x.Type)
        {
            case DType.Float32: Sorting.ArgSort32(Address<uint>(x), isFloat: true, descending, Address<long>(y), outer, n, inner); break;
            case DType.Int32: Sorting.ArgSort32(Address<uint>(x), isFloat: false, descending, Address<long>(y), outer, n, inner); break;
            case DType.Float64: Sorting.ArgSort64(Address<ulong>(x), isFloat: true, descending, Address<long>(y), outer, n, inner); break;
            case DType.Int64: Sorting.ArgSort64(Address<ulong>(x), isFloat: false, descending, Address<long>(y), outer, n, inner); break;
            default: Sorting.ArgSort8(Address<byte>(x), descending, Address<long>(y), outer, n, inner); break;
        }
    }

    internal override void ScatterExtremumIndex(bool largest, View x, View index, View y, long outer, long n, long inner)
    {
        using var positions = Positions(index);
        var at = positions.As<long>();
        switch (x.Type)
        {
            case DType.Float32: Indexing.ScatterExtremumIndex(largest, Address<float>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
            case DType.Float64: Indexing.ScatterExtremumIndex(largest, Address<double>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
            case DType.Int32: Indexing.ScatterExtremumIndex(largest, Address<int>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
            default: Indexing.ScatterExtremumIndex(largest, Address<long>(x), at, Address<long>(y), outer, n, index.Size, inner); break;
        }
    }
}
