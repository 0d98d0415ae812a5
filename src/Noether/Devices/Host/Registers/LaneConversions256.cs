using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>What emitted loops need beside the forms, over 256-bit lanes: other element types, masks as integers, bfloat16, streaming stores.</summary>
/// <remarks>Conversions round, saturate and treat NaN as <see cref="LaneConversion"/> does, whose lanes change width where these take two registers. One file a width, alike but for it.</remarks>
internal static class LaneConversions256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<double> DoubleLower(FloatLanes256<float> x) => new() { Value = Vector256.WidenLower(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<double> DoubleUpper(FloatLanes256<float> x) => new() { Value = Vector256.WidenUpper(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<float> SingleOfDoubles(FloatLanes256<double> lower, FloatLanes256<double> upper) => new() { Value = Vector256.Narrow(lower.Value, upper.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<float> SingleOfInt32(IntegerLanes256<int> x) => new() { Value = Vector256.ConvertToSingle(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<double> DoubleOfInt64(IntegerLanes256<long> x) => new() { Value = Vector256.ConvertToDouble(x.Value) };

    // By way of float64 it would round twice.
    public static FloatLanes256<float> SingleOfInt64(IntegerLanes256<long> lower, IntegerLanes256<long> upper)
    {
        var y = Vector256<float>.Zero;
        for (var i = 0; i < Vector256<long>.Count; i++)
            y = y.WithElement(i, lower.Value[i]).WithElement(i + Vector256<long>.Count, upper.Value[i]);
        return new() { Value = y };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<int> Int32OfSingle(FloatLanes256<float> x) => new() { Value = Vector256.ConvertToInt32(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<long> Int64OfDouble(FloatLanes256<double> x) => new() { Value = Vector256.ConvertToInt64(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<long> Int64Lower(IntegerLanes256<int> x) => new() { Value = Vector256.WidenLower(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<long> Int64Upper(IntegerLanes256<int> x) => new() { Value = Vector256.WidenUpper(x.Value) };

    // The low bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<int> Int32OfInt64(IntegerLanes256<long> lower, IntegerLanes256<long> upper) => new() { Value = Vector256.Narrow(lower.Value, upper.Value) };

    // Saturated.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<int> Int32OfDouble(FloatLanes256<double> lower, FloatLanes256<double> upper)
    {
        Vector256<long> least = Vector256.Create((long)int.MinValue), most = Vector256.Create((long)int.MaxValue);
        Vector256<long> x = Vector256.ConvertToInt64(lower.Value), y = Vector256.ConvertToInt64(upper.Value);
        return new() { Value = Vector256.Narrow(Vector256.Min(Vector256.Max(x, least), most), Vector256.Min(Vector256.Max(y, least), most)) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<int> MaskOfSingle(FloatLanes256<float> mask) => new() { Value = mask.Value.AsInt32() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes256<long> MaskOfDouble(FloatLanes256<double> mask) => new() { Value = mask.Value.AsInt64() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<float> SingleMask(IntegerLanes256<int> mask) => new() { Value = mask.Value.AsSingle() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<double> DoubleMask(IntegerLanes256<long> mask) => new() { Value = mask.Value.AsDouble() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<float> RoundToBFloat16(FloatLanes256<float> x) => new() { Value = (BFloat16Rounding.Bits(x.Value) << 16).AsSingle() };

    // Reads one whole register, of which the lower half counts: storages have room for it past their ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<float> LoadBFloat16(ref readonly ushort source) =>
        new() { Value = (Vector256.WidenLower(Vector256.LoadUnsafe(in source)) << 16).AsSingle() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(FloatLanes256<float> x, ref ushort destination)
    {
        var upper = x.Value.AsUInt32() >>> 16;
        Vector256.Narrow(upper, upper).GetLower().StoreUnsafe(ref destination);
    }

    /// <summary>Past the caches; the destination is aligned to the register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StreamFloats<T>(FloatLanes256<T> x, ref T destination)
        where T : unmanaged => Vector256.StoreAlignedNonTemporal(x.Value, (T*)Unsafe.AsPointer(ref destination));

    /// <inheritdoc cref="StreamFloats"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StreamIntegers<T>(IntegerLanes256<T> x, ref T destination)
        where T : unmanaged => Vector256.StoreAlignedNonTemporal(x.Value, (T*)Unsafe.AsPointer(ref destination));
}
