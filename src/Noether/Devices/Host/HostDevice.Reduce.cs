using System.Numerics;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void Reduce(Reduction reduction, View x, View y, long outer, long reduced, long inner)
    {
        switch (x.Type)
        {
            case DType.Float32: Fold<float>(reduction, x, y, outer, reduced, inner); break;
            case DType.Float64: Fold<double>(reduction, x, y, outer, reduced, inner); break;
            case DType.Int32: Fold<int>(reduction, x, y, outer, reduced, inner); break;
            case DType.Int64: Fold<long>(reduction, x, y, outer, reduced, inner); break;
            default: Fold<byte>(reduction, x, y, outer, reduced, inner); break;
        }
    }

    private static void Fold<T>(Reduction reduction, View x, View y, long outer, long reduced, long inner)
        where T : unmanaged, INumber<T>
    {
        var from = Address<T>(x);
        for (long o = 0; o < outer; o++)
            for (long i = 0; i < inner; i++)
            {
                var p = from + o * reduced * inner + i;
                if (reduction is Reduction.ArgMax or Reduction.ArgMin)
                {
                    long best = 0;
                    for (long r = 1; r < reduced; r++)
                    {
                        var a = p[r * inner]; var b = p[best * inner];
                        if (T.IsNaN(b)) break;
                        if (T.IsNaN(a) || (reduction == Reduction.ArgMax ? a > b : a < b)) best = r;
                    }
                    Address<long>(y)[o * inner + i] = best;
                    continue;
                }
                var sum = reduction switch { Reduction.Sum or Reduction.Any => T.Zero, Reduction.Product or Reduction.All => T.One, _ => p[0] };
                for (long r = 0; r < reduced; r++)
                {
                    var v = p[r * inner];
                    sum = reduction switch { Reduction.Sum => sum + v, Reduction.Product => sum * v, Reduction.Min => T.Min(sum, v), Reduction.Max => T.Max(sum, v), Reduction.Any => sum != T.Zero || v != T.Zero ? T.One : T.Zero, _ => sum != T.Zero && v != T.Zero ? T.One : T.Zero };
                }
                Address<T>(y)[o * inner + i] = sum;
            }
    }
}
