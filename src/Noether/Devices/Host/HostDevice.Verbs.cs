namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void Take(View x, View index, View y, long outer, long n, long inner)
    {
        var positions = Positions(index, out var scratch);
        using (scratch) Indexing.Take(Address<byte>(x), positions, Address<byte>(y), outer, n, index.Size, inner * x.Type.Bytes());
    }

    internal override void ScatterAdd(View x, View index, View y, long outer, long n, long inner)
    {
        var positions = Positions(index, out var scratch);
        using (scratch)
        {
            switch (y.Type)
            {
                case DType.Float32: Indexing.ScatterAdd(Address<float>(x), positions, Address<float>(y), outer, n, index.Size, inner); break;
                case DType.Float64: Indexing.ScatterAdd(Address<double>(x), positions, Address<double>(y), outer, n, index.Size, inner); break;
                case DType.Int32: Indexing.ScatterAdd(Address<int>(x), positions, Address<int>(y), outer, n, index.Size, inner); break;
                default: Indexing.ScatterAdd(Address<long>(x), positions, Address<long>(y), outer, n, index.Size, inner); break;
            }
        }
    }

    // int64 indices as they lie; int32 ones widened into scratch memory.
    private static long* Positions(View index, out Workspace scratch)
    {
        if (index.Type == DType.Int64)
        {
            scratch = default;
            return Address<long>(index);
        }

        scratch = Workspace.Rent<long>(index.Size);
        var positions = scratch.As<long>();
        for (long i = 0; i < index.Size; i++) positions[i] = Address<int>(index)[i];
        return positions;
    }
}
