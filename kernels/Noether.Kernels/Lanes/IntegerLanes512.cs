using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>16 lanes of int32, 8 of int64 or 64 of uint8 in one 512-bit register.</summary>
/// <remarks>Masks have all bits of a true lane set. Shifts and quotients go lane by lane where the instruction set has none.</remarks>
/// <typeparam name="T"><see langword="int"/>, <see langword="long"/> or <see langword="byte"/>.</typeparam>
public struct IntegerLanes512<T> : IIntegerLanes<IntegerLanes512<T>>, IVectorLanes<IntegerLanes512<T>, T>
    where T : unmanaged
{
    /// <summary>The lanes.</summary>
    public Vector512<T> Value;

    /// <inheritdoc/>
    public static int Count => Vector512<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator +(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator -(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator *(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator -(IntegerLanes512<T> x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator &(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator |(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator ^(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value ^ y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> operator ~(IntegerLanes512<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Constant(double value)
    {
        if (typeof(T) == typeof(int))
            return new() { Value = Vector512.Create((int)value).As<int, T>() };
        if (typeof(T) == typeof(long))
            return new() { Value = Vector512.Create((long)value).As<long, T>() };
        return new() { Value = Vector512.Create((byte)value).As<byte, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Abs(IntegerLanes512<T> x) =>
        new() { Value = Vector512.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Min(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = Vector512.Min(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Max(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = Vector512.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Equal(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = Vector512.Equals(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Less(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = Vector512.LessThan(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> LessOrEqual(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = Vector512.LessThanOrEqual(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> MaskAnd(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> MaskOr(IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> MaskNot(IntegerLanes512<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Select(IntegerLanes512<T> mask, IntegerLanes512<T> x, IntegerLanes512<T> y) =>
        new() { Value = Vector512.ConditionalSelect(mask.Value, x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(IntegerLanes512<T> mask) =>
        mask.Value.AsByte() != Vector512<byte>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> ShiftLeft(IntegerLanes512<T> x, IntegerLanes512<T> count)
    {
        if (typeof(T) == typeof(int) && Avx512F.IsSupported)
            return new() { Value = Avx512F.ShiftLeftLogicalVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx512F.IsSupported)
            return new() { Value = Avx512F.ShiftLeftLogicalVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.Left<T>(ref Unsafe.As<Vector512<T>, T>(ref x.Value), ref Unsafe.As<Vector512<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> ShiftRight(IntegerLanes512<T> x, IntegerLanes512<T> count)
    {
        if (typeof(T) == typeof(int) && Avx512F.IsSupported)
            return new() { Value = Avx512F.ShiftRightArithmeticVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx512F.IsSupported)
            return new() { Value = Avx512F.ShiftRightArithmeticVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.Right<T>(ref Unsafe.As<Vector512<T>, T>(ref x.Value), ref Unsafe.As<Vector512<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> ShiftRightLogical(IntegerLanes512<T> x, IntegerLanes512<T> count)
    {
        if (typeof(T) == typeof(int) && Avx512F.IsSupported)
            return new() { Value = Avx512F.ShiftRightLogicalVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx512F.IsSupported)
            return new() { Value = Avx512F.ShiftRightLogicalVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.RightLogical<T>(ref Unsafe.As<Vector512<T>, T>(ref x.Value), ref Unsafe.As<Vector512<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Divide(IntegerLanes512<T> x, IntegerLanes512<T> y)
    {
        // The vector quotient throws on 0, and on the smallest value over -1: those lanes divide by 1 instead.
        var zero = Vector512.Equals(y.Value, Vector512<T>.Zero);
        var minusOne = typeof(T) == typeof(byte) ? Vector512<T>.Zero : Vector512.Equals(y.Value, Vector512<T>.AllBitsSet);
        var quotient = x.Value / Vector512.ConditionalSelect(zero | minusOne, Vector512<T>.One, y.Value);
        return new() { Value = Vector512.ConditionalSelect(minusOne, -x.Value, quotient) & ~zero };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> Load(ref readonly T source) =>
        new() { Value = Vector512.LoadUnsafe(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerLanes512<T> x, ref T destination) =>
        x.Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<T> LoadMask(ref readonly byte source) =>
        new() { Value = MaskBytes.Load512<T>(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(IntegerLanes512<T> mask, ref byte destination) =>
        MaskBytes.Store(mask.Value, ref destination);
}
