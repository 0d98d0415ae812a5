using System.Runtime.CompilerServices;

namespace Noether.Kernels.Lanes;

/// <summary>One int64: what a GPU thread computes with, and the tail of a vector loop on the host.</summary>
/// <remarks>Masks are 1 or 0. Everything here is in ILGPU's language.</remarks>
public struct Int64Lane : IIntegerLanes<Int64Lane>, IVectorLanes<Int64Lane, long>
{
    /// <summary>The number.</summary>
    public long Value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator +(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator -(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator *(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator -(Int64Lane x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator &(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator |(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator ^(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value ^ y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane operator ~(Int64Lane x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Constant(double value) =>
        new() { Value = (long)value };

    // The framework's Abs throws on the smallest value; here it stays itself, as in vectors.
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Abs(Int64Lane x) =>
        new() { Value = x.Value < 0 ? -x.Value : x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Min(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value < y.Value ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Max(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value < y.Value ? y.Value : x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Equal(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value == y.Value ? 1L : 0L };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Less(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value < y.Value ? 1L : 0L };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane LessOrEqual(Int64Lane x, Int64Lane y) =>
        new() { Value = x.Value <= y.Value ? 1L : 0L };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane MaskAnd(Int64Lane x, Int64Lane y) =>
        x & y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane MaskOr(Int64Lane x, Int64Lane y) =>
        x | y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane MaskNot(Int64Lane x) =>
        new() { Value = x.Value ^ 1 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Select(Int64Lane mask, Int64Lane x, Int64Lane y) =>
        new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Int64Lane mask) =>
        mask.Value != 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ShiftLeft(Int64Lane x, Int64Lane count) =>
        new() { Value = x.Value << (int)count.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ShiftRight(Int64Lane x, Int64Lane count) =>
        new() { Value = x.Value >> (int)count.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ShiftRightLogical(Int64Lane x, Int64Lane count) =>
        new() { Value = (long)((ulong)x.Value >> (int)count.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Divide(Int64Lane x, Int64Lane y)
    {
        // The host's quotient throws on 0, and on the smallest value over -1: those divide by 1 instead.
        var quotient = x.Value / (y.Value == 0 || y.Value == -1 ? 1 : y.Value);
        return new() { Value = y.Value == 0 ? 0 : y.Value == -1 ? -x.Value : quotient };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Load(ref readonly long source) =>
        new() { Value = source };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Int64Lane x, ref long destination) =>
        destination = x.Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane LoadMask(ref readonly byte source) =>
        new() { Value = source != 0 ? 1L : 0L };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Int64Lane mask, ref byte destination) =>
        destination = mask.Value != 0 ? (byte)1 : (byte)0;
}
