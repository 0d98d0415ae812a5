using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>Another element type, by the rules of <see cref="LaneConversion"/>; bfloat16 goes by its bits, <see cref="ushort"/>.</summary>
/// <remarks>Lanes are those of the wider of the two types, so that a last whole vector stays within the room past either tile's end.</remarks>
internal sealed unsafe class CastTile<V, T, TFrom, TTo> : TileOperation
    where V : struct, IVectorLanes<V, T>
    where T : unmanaged
    where TFrom : unmanaged
    where TTo : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        var a = (TFrom*)x[0];
        var result = (TTo*)y;
        for (var i = 0; i < count; i += V.Count) LaneConversion.Store<V, T, TTo>(LaneConversion.Load<V, T, TFrom>(in a[i]), ref result[i]);
    }
}

/// <summary>1 where the element is not 0 (NaN is not 0).</summary>
internal sealed unsafe class BoolTile<V, T, TFrom> : TileOperation
    where V : struct, ILanes<V>, IVectorLanes<V, T>
    where T : unmanaged
    where TFrom : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        var a = (TFrom*)x[0];
        var zero = V.Constant(0);
        for (var i = 0; i < count; i += V.Count) V.StoreMask(V.MaskNot(V.Equal(LaneConversion.Load<V, T, TFrom>(in a[i]), zero)), ref y[i]);
    }
}

/// <summary>Chooses the conversion between two element types.</summary>
internal static class Casts
{
    public static TileOperation Between(DType from, DType to) => from switch
    {
        DType.Bool => From<byte>(to),
        DType.Int32 => From<int>(to),
        DType.Int64 => From<long>(to),
        DType.Float32 => From<float>(to),
        DType.Float64 => From<double>(to),
        _ => From<ushort>(to),
    };

    private static TileOperation From<T>(DType to)
        where T : unmanaged => to switch
        {
            DType.Bool => ToBool<T>(),
            DType.Int32 => Convert<T, int>(),
            DType.Int64 => Convert<T, long>(),
            DType.Float32 => Convert<T, float>(),
            DType.Float64 => Convert<T, double>(),
            _ => Convert<T, ushort>(),
        };

    private static TileOperation Convert<TFrom, TTo>()
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (Unsafe.SizeOf<TFrom>() < 4 && Unsafe.SizeOf<TTo>() < 4) return Over<float, TFrom, TTo>();
        return Unsafe.SizeOf<TFrom>() > Unsafe.SizeOf<TTo>() ? Over<TFrom, TFrom, TTo>() : Over<TTo, TFrom, TTo>();
    }

    private static TileOperation Over<T, TFrom, TTo>()
        where T : unmanaged
        where TFrom : unmanaged
        where TTo : unmanaged =>
        Vector512.IsHardwareAccelerated ? new CastTile<FloatLanes512<T>, T, TFrom, TTo>()
        : Vector256.IsHardwareAccelerated ? new CastTile<FloatLanes256<T>, T, TFrom, TTo>()
        : new CastTile<FloatLanes128<T>, T, TFrom, TTo>();

    private static TileOperation ToBool<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(ushort)) return ToBool<float, T>();
        if (typeof(T) == typeof(byte) || typeof(T) == typeof(int) || typeof(T) == typeof(long))
        {
            return Vector512.IsHardwareAccelerated ? new BoolTile<IntegerLanes512<T>, T, T>()
                : Vector256.IsHardwareAccelerated ? new BoolTile<IntegerLanes256<T>, T, T>()
                : new BoolTile<IntegerLanes128<T>, T, T>();
        }

        return ToBool<T, T>();
    }

    private static TileOperation ToBool<T, TFrom>()
        where T : unmanaged
        where TFrom : unmanaged =>
        Vector512.IsHardwareAccelerated ? new BoolTile<FloatLanes512<T>, T, TFrom>()
        : Vector256.IsHardwareAccelerated ? new BoolTile<FloatLanes256<T>, T, TFrom>()
        : new BoolTile<FloatLanes128<T>, T, TFrom>();
}
