using System.Runtime.CompilerServices;

namespace Noether.Kernels.Lanes;

/// <summary>One uint8, or one bool as 0 or 1: what a GPU thread computes with, and the tail of a vector loop on the host.</summary>
/// <remarks>Masks are 1 or 0. Everything here is in ILGPU's language.</remarks>
public struct BoolLane : IIntegerLanes<BoolLane>, IVectorLanes<BoolLane, byte>
{
    /// <summary>The number.</summary>
    public byte Value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator +(BoolLane x, BoolLane y) =>
        new() { Value = (byte)(x.Value + y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator -(BoolLane x, BoolLane y) =>
        new() { Value = (byte)(x.Value - y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator *(BoolLane x, BoolLane y) =>
        new() { Value = (byte)(x.Value * y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator -(BoolLane x) =>
        new() { Value = (byte)(-x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator &(BoolLane x, BoolLane y) =>
        new() { Value = (byte)(x.Value & y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator |(BoolLane x, BoolLane y) =>
        new() { Value = (byte)(x.Value | y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator ^(BoolLane x, BoolLane y) =>
        new() { Value = (byte)(x.Value ^ y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane operator ~(BoolLane x) =>
        new() { Value = (byte)(~x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Constant(double value) =>
        new() { Value = (byte)value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Abs(BoolLane x) =>
        x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Min(BoolLane x, BoolLane y) =>
        new() { Value = x.Value < y.Value ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Max(BoolLane x, BoolLane y) =>
        new() { Value = x.Value < y.Value ? y.Value : x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Equal(BoolLane x, BoolLane y) =>
        new() { Value = x.Value == y.Value ? (byte)1 : (byte)0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Less(BoolLane x, BoolLane y) =>
        new() { Value = x.Value < y.Value ? (byte)1 : (byte)0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane LessOrEqual(BoolLane x, BoolLane y) =>
        new() { Value = x.Value <= y.Value ? (byte)1 : (byte)0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane MaskAnd(BoolLane x, BoolLane y) =>
        x & y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane MaskOr(BoolLane x, BoolLane y) =>
        x | y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane MaskNot(BoolLane x) =>
        new() { Value = (byte)(x.Value ^ 1) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Select(BoolLane mask, BoolLane x, BoolLane y) =>
        new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(BoolLane mask) =>
        mask.Value != 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ShiftLeft(BoolLane x, BoolLane count) =>
        new() { Value = (byte)(x.Value << count.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ShiftRight(BoolLane x, BoolLane count) =>
        new() { Value = (byte)((sbyte)x.Value >> count.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ShiftRightLogical(BoolLane x, BoolLane count) =>
        new() { Value = (byte)(x.Value >> count.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Divide(BoolLane x, BoolLane y) =>
        new() { Value = (byte)(y.Value == 0 ? 0 : x.Value / Math.Max((int)y.Value, 1)) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Load(ref readonly byte source) =>
        new() { Value = source };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BoolLane x, ref byte destination) =>
        destination = x.Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane LoadMask(ref readonly byte source) =>
        new() { Value = source != 0 ? (byte)1 : (byte)0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(BoolLane mask, ref byte destination) =>
        destination = mask.Value != 0 ? (byte)1 : (byte)0;
}
