using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>4 lanes of int32, 2 of int64 or 16 of uint8 in one 128-bit register.</summary>
/// <remarks>Masks have all bits of a true lane set. Shifts and quotients go lane by lane where the instruction set has none.</remarks>
/// <typeparam name="T"><see langword="int"/>, <see langword="long"/> or <see langword="byte"/>.</typeparam>
public struct IntegerLanes128<T> : IIntegerLanes<IntegerLanes128<T>>, IVectorLanes<IntegerLanes128<T>, T>
    where T : unmanaged
{
    /// <summary>The lanes.</summary>
    public Vector128<T> Value;

    /// <inheritdoc/>
    public static int Count => Vector128<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator +(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator -(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator *(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator -(IntegerLanes128<T> x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator &(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator |(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator ^(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value ^ y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> operator ~(IntegerLanes128<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Constant(double value)
    {
        if (typeof(T) == typeof(int))
            return new() { Value = Vector128.Create((int)value).As<int, T>() };
        if (typeof(T) == typeof(long))
            return new() { Value = Vector128.Create((long)value).As<long, T>() };
        return new() { Value = Vector128.Create((byte)value).As<byte, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Abs(IntegerLanes128<T> x) =>
        new() { Value = Vector128.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Min(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = Vector128.Min(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Max(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = Vector128.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Equal(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = Vector128.Equals(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Less(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = Vector128.LessThan(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> LessOrEqual(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = Vector128.LessThanOrEqual(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> MaskAnd(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> MaskOr(IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> MaskNot(IntegerLanes128<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Select(IntegerLanes128<T> mask, IntegerLanes128<T> x, IntegerLanes128<T> y) =>
        new() { Value = Vector128.ConditionalSelect(mask.Value, x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(IntegerLanes128<T> mask) =>
        mask.Value.AsByte() != Vector128<byte>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> ShiftLeft(IntegerLanes128<T> x, IntegerLanes128<T> count)
    {
        if (typeof(T) == typeof(int) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftLeftLogicalVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftLeftLogicalVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.Left<T>(ref Unsafe.As<Vector128<T>, T>(ref x.Value), ref Unsafe.As<Vector128<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> ShiftRight(IntegerLanes128<T> x, IntegerLanes128<T> count)
    {
        if (typeof(T) == typeof(int) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftRightArithmeticVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx512F.VL.IsSupported)
            return new() { Value = Avx512F.VL.ShiftRightArithmeticVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.Right<T>(ref Unsafe.As<Vector128<T>, T>(ref x.Value), ref Unsafe.As<Vector128<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> ShiftRightLogical(IntegerLanes128<T> x, IntegerLanes128<T> count)
    {
        if (typeof(T) == typeof(int) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftRightLogicalVariable(x.Value.AsInt32(), count.Value.AsUInt32()).As<int, T>() };
        if (typeof(T) == typeof(long) && Avx2.IsSupported)
            return new() { Value = Avx2.ShiftRightLogicalVariable(x.Value.AsInt64(), count.Value.AsUInt64()).As<long, T>() };
        LaneShifts.RightLogical<T>(ref Unsafe.As<Vector128<T>, T>(ref x.Value), ref Unsafe.As<Vector128<T>, T>(ref count.Value), Count);
        return x;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Divide(IntegerLanes128<T> x, IntegerLanes128<T> y)
    {
        // The vector quotient throws on 0, and on the smallest value over -1: those lanes divide by 1 instead.
        var zero = Vector128.Equals(y.Value, Vector128<T>.Zero);
        var minusOne = typeof(T) == typeof(byte) ? Vector128<T>.Zero : Vector128.Equals(y.Value, Vector128<T>.AllBitsSet);
        var quotient = x.Value / Vector128.ConditionalSelect(zero | minusOne, Vector128<T>.One, y.Value);
        return new() { Value = Vector128.ConditionalSelect(minusOne, -x.Value, quotient) & ~zero };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> Load(ref readonly T source) =>
        new() { Value = Vector128.LoadUnsafe(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerLanes128<T> x, ref T destination) =>
        x.Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<T> LoadMask(ref readonly byte source) =>
        new() { Value = MaskBytes.Load128<T>(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(IntegerLanes128<T> mask, ref byte destination) =>
        MaskBytes.Store(mask.Value, ref destination);
}
