using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>A register of int32, int64, float32 or float64 as one of another of these types: of the same width, twice it, or half of it.</summary>
/// <remarks>One instruction where the hardware has it; else by halves, or through int64 and float64, which hold the shorter types exactly.</remarks>
internal static class LaneResizing
{
    // The largest and smallest float64 that int32 holds.
    private const double Largest = int.MaxValue;
    private const double Smallest = int.MinValue;

    /// <summary>Between an integer and a floating type of one size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TTo> Same<TFrom, TTo>(Vector512<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(float)) return Vector512.ConvertToInt32(x.AsSingle()).As<int, TTo>();
        if (typeof(TFrom) == typeof(int)) return Vector512.ConvertToSingle(x.AsInt32()).As<float, TTo>();
        if (typeof(TFrom) == typeof(double)) return Vector512.ConvertToInt64(x.AsDouble()).As<long, TTo>();
        return Vector512.ConvertToDouble(x.AsInt64()).As<double, TTo>();
    }

    /// <inheritdoc cref="Same{TFrom, TTo}(Vector512{TFrom})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TTo> Same<TFrom, TTo>(Vector256<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(float)) return Vector256.ConvertToInt32(x.AsSingle()).As<int, TTo>();
        if (typeof(TFrom) == typeof(int)) return Vector256.ConvertToSingle(x.AsInt32()).As<float, TTo>();
        if (typeof(TFrom) == typeof(double)) return Vector256.ConvertToInt64(x.AsDouble()).As<long, TTo>();
        return Vector256.ConvertToDouble(x.AsInt64()).As<double, TTo>();
    }

    /// <inheritdoc cref="Same{TFrom, TTo}(Vector512{TFrom})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TTo> Same<TFrom, TTo>(Vector128<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(float)) return Vector128.ConvertToInt32(x.AsSingle()).As<int, TTo>();
        if (typeof(TFrom) == typeof(int)) return Vector128.ConvertToSingle(x.AsInt32()).As<float, TTo>();
        if (typeof(TFrom) == typeof(double)) return Vector128.ConvertToInt64(x.AsDouble()).As<long, TTo>();
        return Vector128.ConvertToDouble(x.AsInt64()).As<double, TTo>();
    }

    /// <summary>From 4 bytes to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TTo> Widen<TFrom, TTo>(Vector256<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (!Avx512F.IsSupported) return Vector512.Create(Widen<TFrom, TTo>(x.GetLower()), Widen<TFrom, TTo>(x.GetUpper()));
        if (typeof(TFrom) == typeof(float))
        {
            var twice = Avx512F.ConvertToVector512Double(x.AsSingle());
            return typeof(TTo) == typeof(double) ? twice.As<double, TTo>() : Vector512.ConvertToInt64(twice).As<long, TTo>();
        }

        return typeof(TTo) == typeof(double)
            ? Avx512F.ConvertToVector512Double(x.AsInt32()).As<double, TTo>()
            : Avx512F.ConvertToVector512Int64(x.AsInt32()).As<long, TTo>();
    }

    /// <inheritdoc cref="Widen{TFrom, TTo}(Vector256{TFrom})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TTo> Widen<TFrom, TTo>(Vector128<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(float))
        {
            var twice = Avx.IsSupported
                ? Avx.ConvertToVector256Double(x.AsSingle())
                : Vector256.Create(Vector128.WidenLower(x.AsSingle()), Vector128.WidenUpper(x.AsSingle()));
            return typeof(TTo) == typeof(double) ? twice.As<double, TTo>() : Vector256.ConvertToInt64(twice).As<long, TTo>();
        }

        if (Avx.IsSupported && typeof(TTo) == typeof(double)) return Avx.ConvertToVector256Double(x.AsInt32()).As<double, TTo>();
        var longs = Vector256.Create(Vector128.WidenLower(x.AsInt32()), Vector128.WidenUpper(x.AsInt32()));
        return typeof(TTo) == typeof(double) ? Vector256.ConvertToDouble(longs).As<double, TTo>() : longs.As<long, TTo>();
    }

    /// <summary>From 4 bytes to 8, the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TTo> WidenLower<TFrom, TTo>(Vector128<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(float))
        {
            var twice = Vector128.WidenLower(x.AsSingle());
            return typeof(TTo) == typeof(double) ? twice.As<double, TTo>() : Vector128.ConvertToInt64(twice).As<long, TTo>();
        }

        if (Sse2.IsSupported && typeof(TTo) == typeof(double)) return Sse2.ConvertToVector128Double(x.AsInt32()).As<double, TTo>();
        var longs = Vector128.WidenLower(x.AsInt32());
        return typeof(TTo) == typeof(double) ? Vector128.ConvertToDouble(longs).As<double, TTo>() : longs.As<long, TTo>();
    }

    /// <summary>From 8 bytes to 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TTo> Narrow<TFrom, TTo>(Vector512<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (Avx512F.IsSupported)
        {
            if (typeof(TFrom) == typeof(double) && typeof(TTo) == typeof(float)) return Avx512F.ConvertToVector256Single(x.AsDouble()).As<float, TTo>();
            if (typeof(TFrom) == typeof(double)) return Avx512F.ConvertToVector256Int32WithTruncation(Clamp(x.AsDouble())).As<int, TTo>();
            if (typeof(TTo) == typeof(int)) return Avx512F.ConvertToVector256Int32(x.AsInt64()).As<int, TTo>();
            if (Avx512DQ.IsSupported) return Avx512DQ.ConvertToVector256Single(x.AsInt64()).As<float, TTo>();
        }

        return Vector256.Create(Narrow<TFrom, TTo>(x.GetLower()), Narrow<TFrom, TTo>(x.GetUpper()));
    }

    /// <inheritdoc cref="Narrow{TFrom, TTo}(Vector512{TFrom})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TTo> Narrow<TFrom, TTo>(Vector256<TFrom> x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (Avx.IsSupported && typeof(TFrom) == typeof(double))
        {
            return typeof(TTo) == typeof(float)
                ? Avx.ConvertToVector128Single(x.AsDouble()).As<float, TTo>()
                : Avx.ConvertToVector128Int32WithTruncation(Clamp(x.AsDouble())).As<int, TTo>();
        }

        if (Avx512DQ.VL.IsSupported && typeof(TFrom) == typeof(long) && typeof(TTo) == typeof(float))
            return Avx512DQ.VL.ConvertToVector128Single(x.AsInt64()).As<float, TTo>();
        return Narrow<TFrom, TTo>(x.GetLower(), x.GetUpper());
    }

    /// <summary>From 8 bytes to 4, two registers to one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TTo> Narrow<TFrom, TTo>(Vector128<TFrom> lower, Vector128<TFrom> upper)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(double) && typeof(TTo) == typeof(float))
            return Vector128.Narrow(lower.AsDouble(), upper.AsDouble()).As<float, TTo>();
        if (typeof(TFrom) == typeof(double))
            return Vector128.Narrow(Vector128.ConvertToInt64(Clamp(lower.AsDouble())), Vector128.ConvertToInt64(Clamp(upper.AsDouble()))).As<int, TTo>();
        if (typeof(TTo) == typeof(int))
            return Vector128.Narrow(lower.AsInt64(), upper.AsInt64()).As<int, TTo>();

        // by way of float64 it would round twice
        long a = lower.AsInt64().GetElement(0), b = lower.AsInt64().GetElement(1), c = upper.AsInt64().GetElement(0), d = upper.AsInt64().GetElement(1);
        return Vector128.Create((float)a, (float)b, (float)c, (float)d).As<float, TTo>();
    }

    // NaN to 0, and into the range of int32, so that the conversion saturates.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Clamp(Vector512<double> x) =>
        Vector512.MinNative(Vector512.MaxNative(x & Vector512.Equals(x, x), Vector512.Create(Smallest)), Vector512.Create(Largest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Clamp(Vector256<double> x) =>
        Vector256.MinNative(Vector256.MaxNative(x & Vector256.Equals(x, x), Vector256.Create(Smallest)), Vector256.Create(Largest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Clamp(Vector128<double> x) =>
        Vector128.MinNative(Vector128.MaxNative(x & Vector128.Equals(x, x), Vector128.Create(Smallest)), Vector128.Create(Largest));
}
