using System.Runtime.CompilerServices;

namespace Noether.Kernels.Lanes;

/// <summary>One int32: what a GPU thread computes with, and the tail of a vector loop on the host.</summary>
/// <remarks>Masks are 1 or 0. Everything here is in ILGPU's language.</remarks>
public struct Int32Lane : IIntegerLanes<Int32Lane>, IVectorLanes<Int32Lane, int>
{
    /// <summary>The number.</summary>
    public int Value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator +(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator -(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator *(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator -(Int32Lane x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator &(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator |(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator ^(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value ^ y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane operator ~(Int32Lane x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Constant(double value) =>
        new() { Value = (int)value };

    // The framework's Abs throws on the smallest value; here it stays itself, as in vectors.
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Abs(Int32Lane x) =>
        new() { Value = x.Value < 0 ? -x.Value : x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Min(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value < y.Value ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Max(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value < y.Value ? y.Value : x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Equal(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value == y.Value ? 1 : 0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Less(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value < y.Value ? 1 : 0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane LessOrEqual(Int32Lane x, Int32Lane y) =>
        new() { Value = x.Value <= y.Value ? 1 : 0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane MaskAnd(Int32Lane x, Int32Lane y) =>
        x & y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane MaskOr(Int32Lane x, Int32Lane y) =>
        x | y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane MaskNot(Int32Lane x) =>
        new() { Value = x.Value ^ 1 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Select(Int32Lane mask, Int32Lane x, Int32Lane y) =>
        new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Int32Lane mask) =>
        mask.Value != 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ShiftLeft(Int32Lane x, Int32Lane count) =>
        new() { Value = x.Value << count.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ShiftRight(Int32Lane x, Int32Lane count) =>
        new() { Value = x.Value >> count.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ShiftRightLogical(Int32Lane x, Int32Lane count) =>
        new() { Value = (int)((uint)x.Value >> count.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Divide(Int32Lane x, Int32Lane y)
    {
        // The host's quotient throws on 0, and on the smallest value over -1: those divide by 1 instead.
        var quotient = x.Value / (y.Value == 0 || y.Value == -1 ? 1 : y.Value);
        return new() { Value = y.Value == 0 ? 0 : y.Value == -1 ? -x.Value : quotient };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Load(ref readonly int source) =>
        new() { Value = source };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Int32Lane x, ref int destination) =>
        destination = x.Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane LoadMask(ref readonly byte source) =>
        new() { Value = source != 0 ? 1 : 0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Int32Lane mask, ref byte destination) =>
        destination = mask.Value != 0 ? (byte)1 : (byte)0;
}
