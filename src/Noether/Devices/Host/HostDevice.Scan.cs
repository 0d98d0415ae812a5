using System.Numerics;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void Scan(Reduction reduction, bool reverse, View x, View y, long outer, long n, long inner)
    {
        switch (x.Type)
        {
            case DType.Float32: Scan<float>(reduction, reverse, x, y, outer, n, inner); break;
            case DType.Float64: Scan<double>(reduction, reverse, x, y, outer, n, inner); break;
            case DType.Int32: Scan<int>(reduction, reverse, x, y, outer, n, inner); break;
            default: Scan<long>(reduction, reverse, x, y, outer, n, inner); break;
        }
    }

    private static void Scan<T>(Reduction reduction, bool reverse, View x, View y, long outer, long n, long inner)
        where T : unmanaged, INumber<T>
    {
        switch (reduction)
        {
            case Reduction.Sum: RunningFold.Scan<SumFold, T>(Address<T>(x), Address<T>(y), outer, n, inner, reverse); break;
            case Reduction.Product: RunningFold.Scan<ProductFold, T>(Address<T>(x), Address<T>(y), outer, n, inner, reverse); break;
            case Reduction.Min: RunningFold.Scan<MinFold, T>(Address<T>(x), Address<T>(y), outer, n, inner, reverse); break;
            default: RunningFold.Scan<MaxFold, T>(Address<T>(x), Address<T>(y), outer, n, inner, reverse); break;
        }
    }
}
