using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Kernels.Lanes;

/// <summary>float32 to the bits of the nearest bfloat16, ties to even; a NaN is cut, and kept quiet so that it does not become an infinity.</summary>
/// <remarks>Half a unit in the last place that stays, less one unless that place is odd, carries upwards.</remarks>
public static class BFloat16Rounding
{
    /// <summary>The bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Bits(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? (ushort)(bits >> 16 | 0x40) : (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }

    /// <summary>The bits, in the lower half of each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Bits(Vector512<float> x)
    {
        var bits = x.AsUInt32();
        var top = bits >>> 16;
        var rounded = bits + Vector512.Create(0x7FFFu) + (top & Vector512<uint>.One) >>> 16;
        return Vector512.ConditionalSelect(Vector512.Equals(x, x).AsUInt32(), rounded, top | Vector512.Create(0x40u));
    }

    /// <inheritdoc cref="Bits(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Bits(Vector256<float> x)
    {
        var bits = x.AsUInt32();
        var top = bits >>> 16;
        var rounded = bits + Vector256.Create(0x7FFFu) + (top & Vector256<uint>.One) >>> 16;
        return Vector256.ConditionalSelect(Vector256.Equals(x, x).AsUInt32(), rounded, top | Vector256.Create(0x40u));
    }

    /// <inheritdoc cref="Bits(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Bits(Vector128<float> x)
    {
        var bits = x.AsUInt32();
        var top = bits >>> 16;
        var rounded = bits + Vector128.Create(0x7FFFu) + (top & Vector128<uint>.One) >>> 16;
        return Vector128.ConditionalSelect(Vector128.Equals(x, x).AsUInt32(), rounded, top | Vector128.Create(0x40u));
    }
}
