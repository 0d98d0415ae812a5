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
        if (Vector512.IsHardwareAccelerated) Widen<Simd512<float>>(from, to, length, ref i);
        if (Vector256.IsHardwareAccelerated) Widen<Simd256<float>>(from, to, length, ref i);
        if (Vector128.IsHardwareAccelerated) Widen<Simd128<float>>(from, to, length, ref i);
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
        if (Vector512.IsHardwareAccelerated) Round<FloatLanes512<float>>(from, to, length, ref i);
        if (Vector256.IsHardwareAccelerated) Round<FloatLanes256<float>>(from, to, length, ref i);
        for (; i < length; i++)
            to[i] = BFloat16Rounding.Bits(from[i]);
    }

    // Whole registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen<V>(ushort* from, float* to, int length, ref int i)
        where V : struct, ISimd<V, float>
    {
        for (; i + V.Count <= length; i += V.Count) WidenedElements<V>.Load(from + i).Store(to + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<V>(float* from, ushort* to, int length, ref int i)
        where V : struct, IVectorLanes<V, float>
    {
        for (; i + V.Count <= length; i += V.Count) LaneConversion.Store<V, float, ushort>(V.Load(in from[i]), ref to[i]);
    }
}
