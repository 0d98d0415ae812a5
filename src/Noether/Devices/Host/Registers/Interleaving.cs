using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Noether.Devices.Host;

/// <summary>Even and odd elements apart, and together again: two shuffles for two registers, at the speed of L1.</summary>
internal static unsafe class Interleaving
{
    /// <summary>even[i] = x[2i], odd[i] = x[2i + 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split<T>(T* x, T* even, T* odd, int count)
        where T : unmanaged
    {
        var i = 0;
        if (Avx512F.IsSupported && sizeof(T) == 4)
        {
            Vector512<int> evens = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), odds = evens + Vector512<int>.One;
            for (; i + 16 <= count; i += 16)
            {
                Vector512<int> a = Vector512.Load((int*)x + 2 * i), b = Vector512.Load((int*)x + 2 * i + 16);
                Avx512F.PermuteVar16x32x2(a, evens, b).Store((int*)even + i);
                Avx512F.PermuteVar16x32x2(a, odds, b).Store((int*)odd + i);
            }
        }
        else if (Avx512F.IsSupported && sizeof(T) == 8)
        {
            Vector512<long> evens = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14L), odds = evens + Vector512<long>.One;
            for (; i + 8 <= count; i += 8)
            {
                Vector512<long> a = Vector512.Load((long*)x + 2 * i), b = Vector512.Load((long*)x + 2 * i + 8);
                Avx512F.PermuteVar8x64x2(a, evens, b).Store((long*)even + i);
                Avx512F.PermuteVar8x64x2(a, odds, b).Store((long*)odd + i);
            }
        }

        if (sizeof(T) == 4 && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; i + 4 <= count; i += 4)
            {
                Vector128<float> a = Vector128.Load((float*)x + 2 * i), b = Vector128.Load((float*)x + 2 * i + 4);
                (Sse.IsSupported ? Sse.Shuffle(a, b, 0x88) : AdvSimd.Arm64.UnzipEven(a, b)).Store((float*)even + i);
                (Sse.IsSupported ? Sse.Shuffle(a, b, 0xDD) : AdvSimd.Arm64.UnzipOdd(a, b)).Store((float*)odd + i);
            }
        }
        else if (sizeof(T) == 8 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; i + 2 <= count; i += 2)
            {
                Vector128<double> a = Vector128.Load((double*)x + 2 * i), b = Vector128.Load((double*)x + 2 * i + 2);
                (Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.UnzipEven(a, b)).Store((double*)even + i);
                (Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.UnzipOdd(a, b)).Store((double*)odd + i);
            }
        }

        for (; i < count; i++)
            (even[i], odd[i]) = (x[2 * i], x[2 * i + 1]);
    }

    /// <summary>even[i] = x[2i]; x[2 count - 1] is neither read nor needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Even<T>(T* x, T* even, int count)
        where T : unmanaged
    {
        var i = 0;
        if (Avx512F.IsSupported && sizeof(T) == 4)
        {
            var evens = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            for (; i + 16 < count; i += 16)
                Avx512F.PermuteVar16x32x2(Vector512.Load((int*)x + 2 * i), evens, Vector512.Load((int*)x + 2 * i + 16)).Store((int*)even + i);
        }

        if (sizeof(T) == 4 && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; i + 4 < count; i += 4)
            {
                Vector128<float> a = Vector128.Load((float*)x + 2 * i), b = Vector128.Load((float*)x + 2 * i + 4);
                (Sse.IsSupported ? Sse.Shuffle(a, b, 0x88) : AdvSimd.Arm64.UnzipEven(a, b)).Store((float*)even + i);
            }
        }
        else if (sizeof(T) == 8 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; i + 2 < count; i += 2)
            {
                Vector128<double> a = Vector128.Load((double*)x + 2 * i), b = Vector128.Load((double*)x + 2 * i + 2);
                (Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.UnzipEven(a, b)).Store((double*)even + i);
            }
        }

        for (; i < count; i++)
            even[i] = x[2 * i];
    }

    /// <summary>x[2i] = even[i], x[2i + 1] = odd[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Merge<T>(T* even, T* odd, T* x, int count)
        where T : unmanaged
    {
        var i = 0;
        if (Avx512F.IsSupported && sizeof(T) == 4)
        {
            Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), high = low + Vector512.Create(8);
            for (; i + 16 <= count; i += 16)
            {
                Vector512<int> a = Vector512.Load((int*)even + i), b = Vector512.Load((int*)odd + i);
                Avx512F.PermuteVar16x32x2(a, low, b).Store((int*)x + 2 * i);
                Avx512F.PermuteVar16x32x2(a, high, b).Store((int*)x + 2 * i + 16);
            }
        }
        else if (Avx512F.IsSupported && sizeof(T) == 8)
        {
            Vector512<long> low = Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11L), high = low + Vector512.Create(4L);
            for (; i + 8 <= count; i += 8)
            {
                Vector512<long> a = Vector512.Load((long*)even + i), b = Vector512.Load((long*)odd + i);
                Avx512F.PermuteVar8x64x2(a, low, b).Store((long*)x + 2 * i);
                Avx512F.PermuteVar8x64x2(a, high, b).Store((long*)x + 2 * i + 8);
            }
        }

        if (sizeof(T) == 4 && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; i + 4 <= count; i += 4)
            {
                Vector128<float> a = Vector128.Load((float*)even + i), b = Vector128.Load((float*)odd + i);
                (Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b)).Store((float*)x + 2 * i);
                (Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b)).Store((float*)x + 2 * i + 4);
            }
        }
        else if (sizeof(T) == 8 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; i + 2 <= count; i += 2)
            {
                Vector128<double> a = Vector128.Load((double*)even + i), b = Vector128.Load((double*)odd + i);
                (Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b)).Store((double*)x + 2 * i);
                (Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b)).Store((double*)x + 2 * i + 2);
            }
        }

        for (; i < count; i++)
            (x[2 * i], x[2 * i + 1]) = (even[i], odd[i]);
    }

    /// <summary>to[i · step] = from[i]; what lies between stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(T* from, T* to, int step, int count)
        where T : unmanaged
    {
        for (var i = 0; i < count; i++, to += step)
            *to = from[i];
    }
}
