using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>What emitted loops need beside the forms, over 128-bit lanes: other element types, masks as integers, bfloat16, streaming stores.</summary>
/// <remarks>Conversions round, saturate and treat NaN as <see cref="LaneConversion"/> does, whose lanes change width where these take two registers. One file a width, alike but for it.</remarks>
internal static class LaneConversions128
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<double> DoubleLower(FloatLanes128<float> x) => new() { Value = Vector128.WidenLower(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<double> DoubleUpper(FloatLanes128<float> x) => new() { Value = Vector128.WidenUpper(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<float> SingleOfDoubles(FloatLanes128<double> lower, FloatLanes128<double> upper) => new() { Value = Vector128.Narrow(lower.Value, upper.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<float> SingleOfInt32(IntegerLanes128<int> x) => new() { Value = Vector128.ConvertToSingle(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<double> DoubleOfInt64(IntegerLanes128<long> x) => new() { Value = Vector128.ConvertToDouble(x.Value) };

    // By way of float64 it would round twice.
    public static FloatLanes128<float> SingleOfInt64(IntegerLanes128<long> lower, IntegerLanes128<long> upper)
    {
        var y = Vector128<float>.Zero;
        for (var i = 0; i < Vector128<long>.Count; i++)
            y = y.WithElement(i, lower.Value[i]).WithElement(i + Vector128<long>.Count, upper.Value[i]);
        return new() { Value = y };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<int> Int32OfSingle(FloatLanes128<float> x) => new() { Value = Vector128.ConvertToInt32(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<long> Int64OfDouble(FloatLanes128<double> x) => new() { Value = Vector128.ConvertToInt64(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<long> Int64Lower(IntegerLanes128<int> x) => new() { Value = Vector128.WidenLower(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<long> Int64Upper(IntegerLanes128<int> x) => new() { Value = Vector128.WidenUpper(x.Value) };

    // The low bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<int> Int32OfInt64(IntegerLanes128<long> lower, IntegerLanes128<long> upper) => new() { Value = Vector128.Narrow(lower.Value, upper.Value) };

    // Saturated.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<int> Int32OfDouble(FloatLanes128<double> lower, FloatLanes128<double> upper)
    {
        Vector128<long> least = Vector128.Create((long)int.MinValue), most = Vector128.Create((long)int.MaxValue);
        Vector128<long> x = Vector128.ConvertToInt64(lower.Value), y = Vector128.ConvertToInt64(upper.Value);
        return new() { Value = Vector128.Narrow(Vector128.Min(Vector128.Max(x, least), most), Vector128.Min(Vector128.Max(y, least), most)) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<int> MaskOfSingle(FloatLanes128<float> mask) => new() { Value = mask.Value.AsInt32() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes128<long> MaskOfDouble(FloatLanes128<double> mask) => new() { Value = mask.Value.AsInt64() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<float> SingleMask(IntegerLanes128<int> mask) => new() { Value = mask.Value.AsSingle() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<double> DoubleMask(IntegerLanes128<long> mask) => new() { Value = mask.Value.AsDouble() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<float> RoundToBFloat16(FloatLanes128<float> x) => new() { Value = (BFloat16Rounding.Bits(x.Value) << 16).AsSingle() };

    // Reads one whole register, of which the lower half counts: storages have room for it past their ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<float> LoadBFloat16(ref readonly ushort source) =>
        new() { Value = (Vector128.WidenLower(Vector128.LoadUnsafe(in source)) << 16).AsSingle() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(FloatLanes128<float> x, ref ushort destination)
    {
        var upper = x.Value.AsUInt32() >>> 16;
        Vector128.Narrow(upper, upper).GetLower().StoreUnsafe(ref destination);
    }

    /// <summary>Past the caches; the destination is aligned to the register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StreamFloats<T>(FloatLanes128<T> x, ref T destination)
        where T : unmanaged => Vector128.StoreAlignedNonTemporal(x.Value, (T*)Unsafe.AsPointer(ref destination));

    /// <inheritdoc cref="StreamFloats"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StreamIntegers<T>(IntegerLanes128<T> x, ref T destination)
        where T : unmanaged => Vector128.StoreAlignedNonTemporal(x.Value, (T*)Unsafe.AsPointer(ref destination));
}
