using System.Runtime.CompilerServices;

namespace Noether.Kernels.Lanes;

/// <summary>One element converted: the rules of <see cref="LaneConversion"/>, and its reference.</summary>
internal static class ScalarConversion
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTo Convert<TFrom, TTo>(TFrom x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo)) return Unsafe.BitCast<TFrom, TTo>(x);
        if (typeof(TFrom) == typeof(ushort)) return Convert<float, TTo>(FromBFloat16(Unsafe.BitCast<TFrom, ushort>(x)));
        if (typeof(TTo) == typeof(ushort)) return Unsafe.BitCast<ushort, TTo>(BFloat16Rounding.Bits(Convert<TFrom, float>(x)));
        if (typeof(TFrom) == typeof(float)) return Unsafe.SizeOf<TTo>() == 8 && typeof(TTo) == typeof(double)
            ? Unsafe.BitCast<double, TTo>(Unsafe.BitCast<TFrom, float>(x))
            : FromDouble<TTo>(Unsafe.BitCast<TFrom, float>(x));
        if (typeof(TFrom) == typeof(double)) return FromDouble<TTo>(Unsafe.BitCast<TFrom, double>(x));
        if (typeof(TFrom) == typeof(byte)) return FromInteger<TTo>(Unsafe.BitCast<TFrom, byte>(x));
        if (typeof(TFrom) == typeof(int)) return FromInteger<TTo>(Unsafe.BitCast<TFrom, int>(x));
        return FromInteger<TTo>(Unsafe.BitCast<TFrom, long>(x));
    }

    /// <summary>The float32 that a bfloat16 is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromDouble<TTo>(double x)
        where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(float)) return Unsafe.BitCast<float, TTo>((float)x);
        if (typeof(TTo) == typeof(int)) return Unsafe.BitCast<int, TTo>(int.CreateSaturating(x));
        return Unsafe.BitCast<long, TTo>(long.CreateSaturating(x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromInteger<TTo>(long x)
        where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(float)) return Unsafe.BitCast<float, TTo>(x);
        if (typeof(TTo) == typeof(double)) return Unsafe.BitCast<double, TTo>(x);
        if (typeof(TTo) == typeof(int)) return Unsafe.BitCast<int, TTo>((int)x);
        return Unsafe.BitCast<long, TTo>(x);
    }
}
