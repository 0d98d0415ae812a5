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
