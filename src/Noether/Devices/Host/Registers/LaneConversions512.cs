using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>What emitted loops need beside the forms, over 512-bit lanes: other element types, masks as integers, bfloat16, streaming stores.</summary>
/// <remarks>Conversions round, saturate and treat NaN as <see cref="LaneConversion"/> does, whose lanes change width where these take two registers. One file a width, alike but for it.</remarks>
internal static class LaneConversions512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<double> DoubleLower(FloatLanes512<float> x) => new() { Value = Vector512.WidenLower(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<double> DoubleUpper(FloatLanes512<float> x) => new() { Value = Vector512.WidenUpper(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<float> SingleOfDoubles(FloatLanes512<double> lower, FloatLanes512<double> upper) => new() { Value = Vector512.Narrow(lower.Value, upper.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<float> SingleOfInt32(IntegerLanes512<int> x) => new() { Value = Vector512.ConvertToSingle(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<double> DoubleOfInt64(IntegerLanes512<long> x) => new() { Value = Vector512.ConvertToDouble(x.Value) };

    // By way of float64 it would round twice.
    public static FloatLanes512<float> SingleOfInt64(IntegerLanes512<long> lower, IntegerLanes512<long> upper)
    {
        var y = Vector512<float>.Zero;
        for (var i = 0; i < Vector512<long>.Count; i++)
            y = y.WithElement(i, lower.Value[i]).WithElement(i + Vector512<long>.Count, upper.Value[i]);
        return new() { Value = y };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<int> Int32OfSingle(FloatLanes512<float> x) => new() { Value = Vector512.ConvertToInt32(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<long> Int64OfDouble(FloatLanes512<double> x) => new() { Value = Vector512.ConvertToInt64(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<long> Int64Lower(IntegerLanes512<int> x) => new() { Value = Vector512.WidenLower(x.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<long> Int64Upper(IntegerLanes512<int> x) => new() { Value = Vector512.WidenUpper(x.Value) };

    // The low bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<int> Int32OfInt64(IntegerLanes512<long> lower, IntegerLanes512<long> upper) => new() { Value = Vector512.Narrow(lower.Value, upper.Value) };

    // Saturated.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<int> Int32OfDouble(FloatLanes512<double> lower, FloatLanes512<double> upper)
    {
        Vector512<long> least = Vector512.Create((long)int.MinValue), most = Vector512.Create((long)int.MaxValue);
        Vector512<long> x = Vector512.ConvertToInt64(lower.Value), y = Vector512.ConvertToInt64(upper.Value);
        return new() { Value = Vector512.Narrow(Vector512.Min(Vector512.Max(x, least), most), Vector512.Min(Vector512.Max(y, least), most)) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<int> MaskOfSingle(FloatLanes512<float> mask) => new() { Value = mask.Value.AsInt32() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes512<long> MaskOfDouble(FloatLanes512<double> mask) => new() { Value = mask.Value.AsInt64() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<float> SingleMask(IntegerLanes512<int> mask) => new() { Value = mask.Value.AsSingle() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<double> DoubleMask(IntegerLanes512<long> mask) => new() { Value = mask.Value.AsDouble() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<float> RoundToBFloat16(FloatLanes512<float> x) => new() { Value = (BFloat16Rounding.Bits(x.Value) << 16).AsSingle() };

    // Reads one whole register, of which the lower half counts: storages have room for it past their ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<float> LoadBFloat16(ref readonly ushort source) =>
        new() { Value = (Vector512.WidenLower(Vector512.LoadUnsafe(in source)) << 16).AsSingle() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(FloatLanes512<float> x, ref ushort destination)
    {
        var upper = x.Value.AsUInt32() >>> 16;
        Vector512.Narrow(upper, upper).GetLower().StoreUnsafe(ref destination);
    }

    /// <summary>Past the caches; the destination is aligned to the register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StreamFloats<T>(FloatLanes512<T> x, ref T destination)
        where T : unmanaged => Vector512.StoreAlignedNonTemporal(x.Value, (T*)Unsafe.AsPointer(ref destination));

    /// <inheritdoc cref="StreamFloats"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StreamIntegers<T>(IntegerLanes512<T> x, ref T destination)
        where T : unmanaged => Vector512.StoreAlignedNonTemporal(x.Value, (T*)Unsafe.AsPointer(ref destination));
}
