using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        if (typeof(V) == typeof(Simd512<float>))
        {
            var wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(Vector256.Load(p)) : Vector512.WidenLower(Vector256.Load(p).ToVector512Unsafe());
            return Unsafe.BitCast<Simd512<float>, V>(new() { Value = (wide << 16).AsSingle() });
        }

        if (typeof(V) == typeof(Simd256<float>))
        {
            var wide = Avx2.IsSupported ? Avx2.ConvertToVector256Int32(Vector128.Load(p)).AsUInt32() : Vector256.WidenLower(Vector128.Load(p).ToVector256Unsafe());
            return Unsafe.BitCast<Simd256<float>, V>(new() { Value = (wide << 16).AsSingle() });
        }

        return Unsafe.BitCast<Simd128<float>, V>(new() { Value = (Vector128.WidenLower(Vector64.Load(p).ToVector128Unsafe()) << 16).AsSingle() });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(ushort* p) => BFloat16Rows.Widen(*p);
}
