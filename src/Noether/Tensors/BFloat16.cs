using System.Runtime.CompilerServices;

namespace Noether;

/// <summary>The upper half of a float32: 1 sign, 8 exponent and 7 fraction bits.</summary>
/// <param name="Bits">The bit pattern.</param>
/// <remarks>Conversion from float32 rounds to nearest, ties to even, and keeps NaN a NaN; conversion to float32 is exact.</remarks>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>Rounds to the nearest bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        var quiet = (bits >> 16) | 0x40; // a NaN must not round to infinity
        return new((ushort)(float.IsNaN(value) ? quiet : rounded));
    }

    /// <summary>The same number as a float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString();
}
