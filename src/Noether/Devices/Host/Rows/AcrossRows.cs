using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>A register holds one element of each of several rows, which lie side by side: the axis is not the last.</summary>
/// <remarks>Every row sums in runs of 64 elements. A pass touches one cache line an element, which the first leaves in the second-level cache for the next.</remarks>
internal readonly unsafe struct AcrossRows : IRowWay
{
    private const int Run = 64;

    public static bool IsAlong => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Max<V, T>(RowSize row, T* x)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        var top = V.Constant(double.NegativeInfinity);
        for (var r = row.Length; r > 0; r--, x += row.Stride) top = AlongRow.Larger(top, V.Load(in *x));
        return top;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Sum<TPass, V, T>(RowSize row, T* x, T* z, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged => SumLong<TPass, V, T>(row, x, z, p, q);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V SumLong<TPass, V, T>(RowSize row, T* x, T* z, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        var total = V.Constant(0);
        for (var left = row.Length; left > 0; left -= Run)
        {
            var sum = V.Constant(0);
            for (var r = Math.Min(Run, left); r > 0; r--, x += row.Stride, z += row.Stride) sum += TPass.Step(V.Load(in *x), V.Load(in *z), p, q);
            total += sum;
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V MapSum<TPass, V, T>(RowSize row, T* x, T* z, T* y, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        var total = V.Constant(0);
        for (var left = row.Length; left > 0; left -= Run)
        {
            var sum = V.Constant(0);
            for (var r = Math.Min(Run, left); r > 0; r--, x += row.Stride, z += row.Stride, y += row.Stride)
            {
                var value = TPass.Step(V.Load(in *x), V.Load(in *z), p, q);
                Store(row, value, y);
                sum += value;
            }

            total += sum;
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TPass, V, T>(RowSize row, T* x, T* z, T* y, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        for (var r = row.Length; r > 0; r--, x += row.Stride, z += row.Stride, y += row.Stride)
            Store(row, TPass.Step(V.Load(in *x), V.Load(in *z), p, q), y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, T>(T* p)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged => V.Load(in *p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T>(RowSize row, V x, T* p)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        if (row.Lanes == V.Count) V.Store(x, ref *p);
        else AlongRow.StoreFirst(x, p, row.Lanes);
    }
}
