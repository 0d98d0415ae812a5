using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>Rows of bfloat16 to float32, which is a shift by 16 bits, and back, rounded to nearest with ties to even.</summary>
internal static unsafe class BFloat16Rows
{
    /// <summary>One element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(ushort x) => BitConverter.UInt32BitsToSingle((uint)x << 16);

    /// <summary><paramref name="count"/> rows of <paramref name="length"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ushort* from, long fromRow, float* to, long toRow, int count, int length)
    {
        for (; count > 0; count--, from += fromRow, to += toRow)
            Widen(from, to, length);
    }

    /// <summary>A row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ushort* from, float* to, int length)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; i + 16 <= length; i += 16)
                (Vector512.WidenLower(Vector256.Load(from + i).ToVector512Unsafe()) << 16).AsSingle().Store(to + i);
        if (Vector256.IsHardwareAccelerated)
            for (; i + 8 <= length; i += 8)
                (Vector256.WidenLower(Vector128.Load(from + i).ToVector256Unsafe()) << 16).AsSingle().Store(to + i);
        if (Vector128.IsHardwareAccelerated)
            for (; i + 4 <= length; i += 4)
                (Vector128.WidenLower(Vector64.Load(from + i).ToVector128Unsafe()) << 16).AsSingle().Store(to + i);
        for (; i < length; i++)
            to[i] = Widen(from[i]);
    }

    /// <summary>A row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float* from, ushort* to, int length)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; i + 16 <= length; i += 16)
            {
                var bits = BFloat16Rounding.Bits(Vector512.Load(from + i));
                Vector512.Narrow(bits, bits).GetLower().Store(to + i);
            }

        if (Vector256.IsHardwareAccelerated)
            for (; i + 8 <= length; i += 8)
            {
                var bits = BFloat16Rounding.Bits(Vector256.Load(from + i));
                Vector256.Narrow(bits, bits).GetLower().Store(to + i);
            }

        for (; i < length; i++)
            to[i] = BFloat16Rounding.Bits(from[i]);
    }
}
