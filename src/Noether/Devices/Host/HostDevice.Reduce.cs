using System.Numerics;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void Reduce(Reduction reduction, View x, View y, long outer, long reduced, long inner)
    {
        switch (x.Type)
        {
            case DType.Float32: Reduce<float>(reduction, x, y, outer, reduced, inner); break;
            case DType.Float64: Reduce<double>(reduction, x, y, outer, reduced, inner); break;
            case DType.Int32: Reduce<int>(reduction, x, y, outer, reduced, inner); break;
            case DType.Int64: Reduce<long>(reduction, x, y, outer, reduced, inner); break;
            default: Reduce<byte>(reduction, x, y, outer, reduced, inner); break;
        }
    }

    private static void Reduce<T>(Reduction reduction, View x, View y, long outer, long reduced, long inner)
        where T : unmanaged, INumber<T>
    {
        var from = Address<T>(x);
        switch (reduction)
        {
            case Reduction.Sum: Fold.Reduce<SumFold, T>(from, Address<T>(y), outer, reduced, inner); break;
            case Reduction.SumOfSquares: Fold.Reduce<SquareFold, T>(from, Address<T>(y), outer, reduced, inner); break;
            case Reduction.Product: Fold.Reduce<ProductFold, T>(from, Address<T>(y), outer, reduced, inner); break;
            case Reduction.Min: Fold.Reduce<MinFold, T>(from, Address<T>(y), outer, reduced, inner); break;
            case Reduction.Max: Fold.Reduce<MaxFold, T>(from, Address<T>(y), outer, reduced, inner); break;
            case Reduction.ArgMin or Reduction.ArgMax:
                Extremum.Locate(reduction == Reduction.ArgMax, from, Address<long>(y), outer, reduced, inner);
                break;
            default: Logical.Reduce(reduction == Reduction.All, Address<byte>(x), Address<byte>(y), outer, reduced, inner); break;
        }
    }
}
