using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>8 lanes of int32, 4 of int64 or 32 of uint8 in one 256-bit register.</summary>
/// <remarks>Masks have all bits of a true lane set. Shifts and quotients go lane by lane where the instruction set has none.</remarks>
/// <typeparam name="T"><see langword="int"/>, <see langword="long"/> or <see langword="byte"/>.</typeparam>
public struct IntegerLanes256<T> : IIntegerLanes<IntegerLanes256<T>>, IVectorLanes<IntegerLanes256<T>, T>
    where T : unmanaged
{
    /// <summary>The lanes.</summary>
    public Vector256<T> Value;

    /// <inheritdoc/>
    public static int Count => Vector256<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator +(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator -(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator *(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator -(IntegerLanes256<T> x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator &(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator |(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator ^(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value ^ y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> operator ~(IntegerLanes256<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Constant(double value)
    {
        if (typeof(T) == typeof(int))
            return new() { Value = Vector256.Create((int)value).As<int, T>() };
        if (typeof(T) == typeof(long))
            return new() { Value = Vector256.Create((long)value).As<long, T>() };
        return new() { Value = Vector256.Create((byte)value).As<byte, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Abs(IntegerLanes256<T> x) =>
        new() { Value = Vector256.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Min(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = Vector256.Min(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Max(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = Vector256.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Equal(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = Vector256.Equals(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Less(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = Vector256.LessThan(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> LessOrEqual(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = Vector256.LessThanOrEqual(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> MaskAnd(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> MaskOr(IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> MaskNot(IntegerLanes256<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Select(IntegerLanes256<T> mask, IntegerLanes256<T> x, IntegerLanes256<T> y) =>
        new() { Value = Vector256.ConditionalSelect(mask.Value, x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(IntegerLanes256<T> mask) =>
        mask.Value.AsByte() != Vector256<byte>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> ShiftLeft(IntegerLanes256<T> x, IntegerLanes256<T> count)
    {
        if (typeof(T) == typeof(int) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftLeftLogicalVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftLeftLogicalVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.Left<T>(ref Unsafe.As<Vector256<T>, T>(ref x.Value), ref Unsafe.As<Vector256<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> ShiftRight(IntegerLanes256<T> x, IntegerLanes256<T> count)
    {
        if (typeof(T) == typeof(int) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftRightArithmeticVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx512F.VL.IsSupported)
            return new() { Value = Avx512F.VL.ShiftRightArithmeticVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.Right<T>(ref Unsafe.As<Vector256<T>, T>(ref x.Value), ref Unsafe.As<Vector256<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> ShiftRightLogical(IntegerLanes256<T> x, IntegerLanes256<T> count)
    {
        if (typeof(T) == typeof(int) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftRightLogicalVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftRightLogicalVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.RightLogical<T>(ref Unsafe.As<Vector256<T>, T>(ref x.Value), ref Unsafe.As<Vector256<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Divide(IntegerLanes256<T> x, IntegerLanes256<T> y)
    {
        // The vector quotient throws on 0, and on the smallest value over -1: those lanes divide by 1 instead.
        var zero = Vector256.Equals(y.Value, Vector256<T>.Zero);
        var minusOne = typeof(T) == typeof(byte) ? Vector256<T>.Zero : Vector256.Equals(y.Value, Vector256<T>.AllBitsSet);
        var quotient = x.Value / Vector256.ConditionalSelect(zero | minusOne, Vector256<T>.One, y.Value);
        return new() { Value = Vector256.ConditionalSelect(minusOne, -x.Value, quotient) & ~zero };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> Load(ref readonly T source) =>
        new() { Value = Vector256.LoadUnsafe(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerLanes256<T> x, ref T destination) =>
        x.Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<T> LoadMask(ref readonly byte source) =>
        new() { Value = MaskBytes.Load256<T>(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(IntegerLanes256<T> mask, ref byte destination) =>
        MaskBytes.Store(mask.Value, ref destination);
}
