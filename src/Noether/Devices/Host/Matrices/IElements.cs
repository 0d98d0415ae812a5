using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>How a kernel that computes in registers <typeparamref name="V"/> of <typeparamref name="T"/>s reads a matrix of <typeparamref name="S"/>s.</summary>
internal unsafe interface IElements<V, T, S>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
    where S : unmanaged
{
    static abstract V Load(S* p);

    static abstract T Read(S* p);
}

/// <summary>Elements as they are.</summary>
internal unsafe struct PlainElements<V, T> : IElements<V, T, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* p) => V.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read(T* p) => *p;
}

/// <summary>bfloat16 widened to float32.</summary>
internal unsafe struct WidenedElements<V> : IElements<V, float, ushort>
    where V : struct, ISimd<V, float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ushort* p)
    {
        if (typeof(V) == typeof(Simd512<float>)) return Unsafe.BitCast<FloatLanes512<float>, V>(LaneConversion.Load<FloatLanes512<float>, float, ushort>(in *p));
        if (typeof(V) == typeof(Simd256<float>)) return Unsafe.BitCast<FloatLanes256<float>, V>(LaneConversion.Load<FloatLanes256<float>, float, ushort>(in *p));
        return Unsafe.BitCast<FloatLanes128<float>, V>(LaneConversion.Load<FloatLanes128<float>, float, ushort>(in *p));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(ushort* p) => BFloat16Rows.Widen(*p);
}
