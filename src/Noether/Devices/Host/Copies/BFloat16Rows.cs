using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
        if (fromRow == length && toRow == length)
            (count, length) = (Math.Min(count, 1), count * length);
        for (; count > 0; count--, from += fromRow, to += toRow)
            Widen(from, to, length);
    }

    /// <summary>A row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ushort* from, float* to, int length)
    {
        var i = 0;
        if (Avx512F.IsSupported)
            for (; i + 16 <= length; i += 16)
                (Avx512F.ConvertToVector512UInt32(Vector256.Load(from + i)) << 16).AsSingle().Store(to + i);
        if (Avx2.IsSupported)
            for (; i + 8 <= length; i += 8)
                (Avx2.ConvertToVector256Int32(Vector128.Load(from + i)) << 16).AsSingle().Store(to + i);
        if (Vector128.IsHardwareAccelerated)
            for (; i + 4 <= length; i += 4)
                (Vector128.WidenLower(Vector64.Load(from + i).ToVector128Unsafe()) << 16).AsSingle().Store(to + i);
        for (; i < length; i++)
            to[i] = Widen(from[i]);
    }

    /// <summary><paramref name="count"/> rows of <paramref name="length"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float* from, long fromRow, ushort* to, long toRow, int count, int length)
    {
        if (fromRow == length && toRow == length)
            (count, length) = (Math.Min(count, 1), count * length);
        for (; count > 0; count--, from += fromRow, to += toRow)
            Round(from, to, length);
    }

    /// <summary>A row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float* from, ushort* to, int length)
    {
        var i = 0;
        if (Avx512F.IsSupported)
            for (; i + 16 <= length; i += 16)
                Avx512F.ConvertToVector256UInt16(BFloat16Rounding.Bits(Vector512.Load(from + i))).Store(to + i);

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
