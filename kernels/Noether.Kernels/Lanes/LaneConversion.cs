using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Kernels.Lanes;

/// <summary>Lanes of one element type from memory, or from lanes, of another.</summary>
/// <remarks>
/// Types: float, double, int, long, byte (a truth value, 0 or 1, on its way in) and ushort (the bits of a bfloat16).
/// Rules: floating to integer cuts towards zero, saturates, and gives 0 for NaN; int64 to int32 keeps the low bits; to a narrower floating
/// type rounds to nearest even. int64 goes to float32 in one rounding, and everything to bfloat16 by way of float32.
/// Truth values on their way out are masks: compare, then <see cref="IVectorLanes{V, T}.StoreMask"/>.
/// </remarks>
public static class LaneConversion
{
    /// <summary>Reads <c>V.Count</c> elements of type <typeparamref name="TFrom"/> as lanes of type <typeparamref name="T"/>, 4 or 8 bytes wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, T, TFrom>(ref readonly TFrom source)
        where V : struct, IVectorLanes<V, T>
        where T : unmanaged
        where TFrom : unmanaged
    {
        if (typeof(T) == typeof(TFrom)) return V.Load(in Unsafe.As<TFrom, T>(ref Unsafe.AsRef(in source)));
        if (Unsafe.SizeOf<V>() == 64) return Unsafe.BitCast<Vector512<T>, V>(LaneReading.Load512<TFrom, T>(in source));
        if (Unsafe.SizeOf<V>() == 32) return Unsafe.BitCast<Vector256<T>, V>(LaneReading.Load256<TFrom, T>(in source));
        if (Unsafe.SizeOf<V>() == 16) return Unsafe.BitCast<Vector128<T>, V>(LaneReading.Load128<TFrom, T>(in source));
        return Unsafe.BitCast<T, V>(ScalarConversion.Convert<TFrom, T>(source));
    }

    /// <summary>Writes lanes of type <typeparamref name="T"/>, 4 or 8 bytes wide, as <c>V.Count</c> elements of type <typeparamref name="TTo"/>, byte excepted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T, TTo>(V x, ref TTo destination)
        where V : struct, IVectorLanes<V, T>
        where T : unmanaged
        where TTo : unmanaged
    {
        if (typeof(T) == typeof(TTo)) V.Store(x, ref Unsafe.As<TTo, T>(ref destination));
        else if (Unsafe.SizeOf<V>() == 64) LaneWriting.Store(Unsafe.BitCast<V, Vector512<T>>(x), ref destination);
        else if (Unsafe.SizeOf<V>() == 32) LaneWriting.Store(Unsafe.BitCast<V, Vector256<T>>(x), ref destination);
        else if (Unsafe.SizeOf<V>() == 16) LaneWriting.Store(Unsafe.BitCast<V, Vector128<T>>(x), ref destination);
        else destination = ScalarConversion.Convert<T, TTo>(Unsafe.BitCast<V, T>(x));
    }

    /// <summary>
    /// Lanes of <typeparamref name="TFrom"/> as as many lanes of <typeparamref name="TTo"/>, in registers. The counts must be equal: float32
    /// beside float64 takes half the width of float64, and at least 128 bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W Convert<V, TFrom, W, TTo>(V x)
        where V : struct
        where TFrom : unmanaged
        where W : struct
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo)) return Unsafe.BitCast<V, W>(x);
        if (Unsafe.SizeOf<V>() == 64 && Unsafe.SizeOf<W>() == 64) return Unsafe.BitCast<Vector512<TTo>, W>(LaneResizing.Same<TFrom, TTo>(Unsafe.BitCast<V, Vector512<TFrom>>(x)));
        if (Unsafe.SizeOf<V>() == 32 && Unsafe.SizeOf<W>() == 32) return Unsafe.BitCast<Vector256<TTo>, W>(LaneResizing.Same<TFrom, TTo>(Unsafe.BitCast<V, Vector256<TFrom>>(x)));
        if (Unsafe.SizeOf<V>() == 16 && Unsafe.SizeOf<W>() == 16) return Unsafe.BitCast<Vector128<TTo>, W>(LaneResizing.Same<TFrom, TTo>(Unsafe.BitCast<V, Vector128<TFrom>>(x)));
        if (Unsafe.SizeOf<V>() == 32 && Unsafe.SizeOf<W>() == 64) return Unsafe.BitCast<Vector512<TTo>, W>(LaneResizing.Widen<TFrom, TTo>(Unsafe.BitCast<V, Vector256<TFrom>>(x)));
        if (Unsafe.SizeOf<V>() == 16 && Unsafe.SizeOf<W>() == 32) return Unsafe.BitCast<Vector256<TTo>, W>(LaneResizing.Widen<TFrom, TTo>(Unsafe.BitCast<V, Vector128<TFrom>>(x)));
        if (Unsafe.SizeOf<V>() == 64) return Unsafe.BitCast<Vector256<TTo>, W>(LaneResizing.Narrow<TFrom, TTo>(Unsafe.BitCast<V, Vector512<TFrom>>(x)));
        if (Unsafe.SizeOf<V>() == 32) return Unsafe.BitCast<Vector128<TTo>, W>(LaneResizing.Narrow<TFrom, TTo>(Unsafe.BitCast<V, Vector256<TFrom>>(x)));
        return Unsafe.BitCast<TTo, W>(ScalarConversion.Convert<TFrom, TTo>(Unsafe.BitCast<V, TFrom>(x)));
    }

    /// <summary>The mask of <typeparamref name="TFrom"/> lanes as a mask of as many lanes of <typeparamref name="TTo"/>.</summary>
    /// <remarks>The counts must be equal, as in <see cref="Convert"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W ConvertMask<V, TFrom, W, TTo>(V mask)
        where V : struct
        where TFrom : unmanaged
        where W : struct
        where TTo : unmanaged
    {
        if (Unsafe.SizeOf<V>() < 16) return Convert<V, TFrom, W, TTo>(mask); // 1 or 0
        if (Unsafe.SizeOf<V>() == Unsafe.SizeOf<W>()) return Unsafe.BitCast<V, W>(mask);
        return Unsafe.SizeOf<V>() < Unsafe.SizeOf<W>() ? Convert<V, int, W, long>(mask) : Convert<V, long, W, int>(mask);
    }
}
